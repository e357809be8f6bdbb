import HTTPTypes
import Hummingbird

/// The form that a request must have before anything looks at what it wants.
enum RequestForm {
    /// Characters of an address at most.
    static let maximumAddress = 8_000

    /// - Throws: a problem: 400, 405, 413, 414 or 415.
    static func check(_ request: Request, _ family: RequestFamily) throws(ProblemResponse) {
        // A second host stays among the other headers.
        guard let host = request.head.authority, !host.isEmpty,
            HTTPField.Name("Host").map({ request.headers[$0] == nil }) ?? true
        else {
            throw ProblemResponse(
                status: .badRequest, code: "malformed", detail: "a request names its host once (RFC 9112, 3.2)")
        }
        guard (request.head.path?.utf8.count ?? 0) <= maximumAddress else {
            throw ProblemResponse(
                status: .uriTooLong, code: "too-large", detail: "an address has at most \(maximumAddress) characters")
        }
        guard family.methods.contains(request.method) else {
            throw ProblemResponse(
                status: .methodNotAllowed, code: "method", detail: "this address does not take that method",
                extraHeaders: [(.allow, family.methods.map(\.rawValue).joined(separator: ", "))])
        }
        let length = request.headers[.contentLength].flatMap(Int64.init) ?? 0
        guard length <= family.maximumBytes else {
            throw ProblemResponse(
                status: .contentTooLarge, code: "too-large",
                detail: "at most \(family.maximumBytes) bytes are taken here")
        }
        guard request.method == .post, let wanted = family.contentType else { return }
        let given = (request.headers[.contentType]?.split(separator: ";").first ?? "")
            .filter { $0 != " " }.lowercased()
        // A sync is known by its signature; browsers, which say nothing of theirs, are kept out of the others.
        guard given == wanted || given.isEmpty && family == .sync else {
            throw ProblemResponse(
                status: .unsupportedMediaType, code: "content-type", detail: "this address takes \(wanted)")
        }
    }
}
