import Catalogue
import Event
import Foundation
import HTTPTypes
import Hummingbird
import Node
import ReadModels
import Store

/// Questions to the read models: what can be asked, and for each a form, a table, its completeness, and files.
struct QueryPages: Sendable {
    private struct ModelsPage {
        struct Item {
            let modelHref: String
            let modelTitle: String
            let modelName: String
            let modelAbout: String
        }

        /// Counts and sums, and what is computed from them.
        let figures: [Item]
        /// One row for each case, person or visit.
        let rows: [Item]
        let hasRows: Bool
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/tanya") { try models($0) }
        routes.get("/tanya/{model}") { try ask($0) }
    }

    private func models(_ request: PageRequest) throws -> PageResponse {
        let reader = try site.node.reader(of: try request.account())
        guard reader.seesAnything else { throw PageError.notAllowed }
        let infos = try site.node.modelReader.models(for: reader).sorted { $0.name < $1.name }
        let item = { (info: ModelInfo) in
            ModelsPage.Item(
                modelHref: "/tanya/\(info.name)", modelTitle: info.title[request.language], modelName: info.name,
                modelAbout: info.about)
        }
        let rows = infos.filter { $0.kind == .fold }.map(item)
        let page = ModelsPage(figures: infos.filter { $0.kind != .fold }.map(item), rows: rows, hasRows: !rows.isEmpty)
        return try site.page("models", for: request, title: "query.title", page)
    }

    private func ask(_ request: PageRequest) throws -> PageResponse {
        let account = try request.account()
        let name = try request.parameter("model")
        let asking = try site.node.reader(of: account)
        guard let info = try site.node.modelReader.models(for: asking).first(where: { $0.name == name }) else {
            let exists = try site.node.modelReader.models().contains { $0.name == name }
            throw exists ? PageError.notAllowed : PageError.notFound
        }
        let words = try Wording(site, request)
        let view = { (answer: QueryPage.Answered?, message: String?) in
            let page = QueryPage(request.query, info, answer, message: message, words)
            return try site.page("query", for: request, title: "", plainTitle: info.title[request.language], page)
        }
        do {
            let asked = try PageQuery(
                request.query, model: info, scope: try account.regionCode(), reader: asking, today: site.desk.localDay,
                words)
            let reader = try site.node.modelReader
            let answer = try reader.query(asked.query)
            if let refusal = try noteReading(of: answer, account, asking, words) {
                return try refused(try view(nil, refusal))
            }
            return try view((asked, answer, try reader.cut), nil)
        } catch let refusal as PageQuery.Refusal {
            return try refused(try view(nil, refusal.text))
        } catch let error as ReadModelError {
            return try refused(try view(nil, "\(error)"))
        }
    }

    /// Writes down whose data the rows are, as for a file: what can be paged through here can be copied from here.
    ///
    /// - Returns: why the rows are not shown; nil: they may be.
    private func noteReading(
        of answer: Answer, _ account: Account, _ reader: Reader, _ words: Wording
    ) throws -> String? {
        let reading = Reading(
            actor: account.actor, role: account.role, purpose: reader.purpose, resource: "model \(answer.model)",
            isExport: true, subjects: answer.subjects(in: site.node.own.region))
        if case .needsApproval(let count, let limit) = try site.node.takeExport(reading, model: answer.model) {
            return words("query.needsApproval", ["n": String(count), "limit": String(limit)])
        }
        return nil
    }

    private func refused(_ response: PageResponse) throws -> PageResponse {
        var response = response
        response.status = .unprocessableContent
        return response
    }
}
