import HTTPTypes
import Hummingbird
import Logging
import Node
import Store

extension Site {
    private struct ErrorPage {
        let what: String
        let advice: String
    }

    /// The page for an error: what happened and what to do, never more than the person may know.
    func errorPage(_ error: any Error, for request: PageRequest) throws -> PageResponse {
        switch error {
        case PageError.signInNeeded: return try signInNeeded(request)
        case PageError.locked: return try LockPages(site: self).lockedPage(request)
        case let error as NodeError where error.kind == .locked: return try LockPages(site: self).lockedPage(request)
        case PageError.notFound: return try errorPage(.notFound, "notFound", request)
        case PageError.notAllowed: return try errorPage(.forbidden, "notAllowed", request)
        case PageError.staleForm: return try errorPage(.forbidden, "stale", request)
        case PageError.badForm: return try errorPage(.badRequest, "badForm", request)
        case let error as NodeError where error.kind == .badInput || error.kind == .exists:
            return try errorPage(.badRequest, what: error.what, advice: error.advice, request)
        default:
            node.logger.error("page", metadata: ["page": "\(request.kind)", "reason": "\(error)"])
            return try errorPage(.internalServerError, "failed", request)
        }
    }

    private func signInNeeded(_ request: PageRequest) throws -> PageResponse {
        .redirect(try accounts.list().isEmpty && accounts.rule.isPIN ? "/mulai" : "/masuk")
    }

    private func errorPage(
        _ status: HTTPResponse.Status, _ name: String, _ request: PageRequest
    ) throws -> PageResponse {
        try errorPage(
            status, what: texts("error.\(name)", request.language),
            advice: texts("error.\(name)Advice", request.language),
            request)
    }

    private func errorPage(
        _ status: HTTPResponse.Status, what: String, advice: String, _ request: PageRequest
    ) throws -> PageResponse {
        var response = try page(
            "error", for: request, title: "error.title", ErrorPage(what: what, advice: advice))
        response.status = status
        return response
    }
}

extension SecretRule {
    var isPIN: Bool { if case .pin = self { true } else { false } }
}
