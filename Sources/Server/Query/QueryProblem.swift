import HTTPTypes
import ReadModels

/// The errors of the query interface (`docs/queries.md`).
extension ProblemResponse {
    static func badQuery(_ detail: String) -> ProblemResponse {
        ProblemResponse(status: .badRequest, code: "bad-query", detail: detail)
    }

    static func unknownModel(_ name: String, known: [String]) -> ProblemResponse {
        ProblemResponse(
            status: .notFound, code: "unknown-model",
            detail: "There is no model “\(name)” here. The models are: \(known.joined(separator: ", ")).")
    }

    static func notAllowed(_ detail: String) -> ProblemResponse {
        ProblemResponse(status: .forbidden, code: "out-of-scope", detail: detail)
    }

    static let noLogin = ProblemResponse(
        status: .unauthorized, code: "login-needed",
        detail: "Sign in with a name and password of this node (HTTP Basic), or on its pages first.",
        extraHeaders: [(.wwwAuthenticate, #"Basic realm="simpul", charset="UTF-8""#)])

    static func needsApproval(_ actor: String, _ model: String, count: Int, limit: Int) -> ProblemResponse {
        ProblemResponse(
            status: .forbidden, code: "approval-needed",
            detail: "With this answer \(actor) would have taken the data of \(count) today; more than \(limit) needs a "
                + "second person. A head of the hub or a data protection officer records export.approved for "
                + "\(actor) and \(model).")
    }

    static let crossSite = ProblemResponse(
        status: .forbidden, code: "cross-site",
        detail: "Another site's page asked with your session. Open the address from a page of this server.")

    static func wait(seconds: Int) -> ProblemResponse {
        ProblemResponse(
            status: .tooManyRequests, code: "busy", detail: "Too many wrong passwords. Try again in \(seconds) s.",
            extraHeaders: [(.retryAfter, "\(seconds)")])
    }

    /// What the read models refuse, as an answer.
    init(_ error: ReadModelError) {
        switch error {
        case .unknownModel(let name, let known): self = .unknownModel(name, known: known)
        case .notAllowed, .outOfScope: self = .notAllowed("\(error)")
        case .unknownColumn, .badFilter, .badCursor, .badDay, .noEdition, .notYetKnown:
            self = .badQuery("\(error)")
        case .unusable, .newerSchema, .locked, .notKept, .failed, .intakeShrank:
            // The path and SQL of the server are its operator's business: they are in its log.
            self.init(
                status: .serviceUnavailable, code: "models-unavailable",
                detail: "The read models cannot be asked now. The operator finds the reason in the server's log.",
                extraHeaders: [(.retryAfter, "30")])
        }
    }
}
