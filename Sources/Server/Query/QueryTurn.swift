import Catalogue
import Event
import Hummingbird
import Node
import ReadModels

/// One request whose reader is known: what all kinds of answers start from.
struct QueryTurn: Sendable {
    let node: Node
    let reader: QueryReader
    /// What is theirs to see.
    let access: Reader
    let parameters: QueryParameters
    let headers: QueryHeaders
    /// Path of the request, for the address of the next page.
    let path: String
    /// Name of the cookie by which the pages' sessions are logins too; nil: they are not.
    let sessionCookie: String?

    var models: ModelReader { get throws { try node.modelReader } }

    var today: LocalDay {
        get throws(ProblemResponse) {
            guard let day = LocalDay(node.localDay(node.now())) else {
                throw ProblemResponse(
                    status: .internalServerError, code: "clock", detail: "This server's clock shows no valid day.")
            }
            return day
        }
    }

    /// Models that this reader may ask, by name.
    func allowedModels() throws -> [ModelInfo] {
        try models.models(for: access)
    }

    func model(named name: String) throws -> ModelInfo {
        let all = try models.models()
        let allowed = try allowedModels()
        if let model = allowed.first(where: { $0.name == name }) { return model }
        guard !all.contains(where: { $0.name == name }) else {
            throw ProblemResponse.notAllowed(
                "\(name) is not for the role \(reader.role). It may ask: "
                    + "\(allowed.map(\.name).joined(separator: ", ")).")
        }
        throw ProblemResponse.unknownModel(name, known: allowed.map(\.name))
    }

    /// Throws where the request has parameters beside those that this answer takes.
    func refuseParameters(except known: Set<String>) throws(ProblemResponse) {
        for parameter in parameters.list where !known.contains(parameter.name) {
            throw .badQuery(
                known.isEmpty
                    ? "“\(parameter.name)”: this address takes no parameters"
                    : "There is no parameter “\(parameter.name)” here. They are: \(known.sorted().joined(separator: ", "))."
            )
        }
    }
}
