import Event
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// An error answer after RFC 9457, with the protocol's code (`protocol/07-errors-and-limits.md`).
struct ProblemResponse: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    let code: String
    let detail: String
    var extraHeaders: [(HTTPField.Name, String)] = []
    /// Members beside those of RFC 9457.
    var members: [JSONMember] = []

    /// Come back later: `seconds` holds the span from which the wait is drawn, so that not all come at once.
    static func busy(_ detail: String, after seconds: ClosedRange<Int>) -> ProblemResponse {
        ProblemResponse(
            status: .serviceUnavailable, code: "busy", detail: detail,
            extraHeaders: [(.retryAfter, "\(Int.random(in: seconds))")])
    }

    /// This server's disk does not take anything now; the client keeps what it has.
    static func unavailable(
        _ error: StoreError, extraHeaders: [(HTTPField.Name, String)] = []
    ) -> ProblemResponse {
        let (code, detail) =
            if case .diskFull = error {
                ("disk-full", "this server's disk is full; nothing is lost, its operator was told")
            } else {
                ("busy", "this server cannot write now; nothing is lost, its operator was told")
            }
        return ProblemResponse(
            status: .serviceUnavailable, code: code, detail: detail,
            extraHeaders: [(.retryAfter, "\(Int.random(in: 60...180))")] + extraHeaders)
    }

    func response(from request: Request, context: some RequestContext) throws -> Response { response }

    var response: Response {
        let json = JSON.object(
            [
                JSONMember("type", .string("about:blank")),
                JSONMember("title", .string(status.reasonPhrase)),
                JSONMember("status", .int(Int64(status.code))),
                JSONMember("code", .string(code)),
                JSONMember("detail", .string(detail)),
            ] + members)
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        for (name, value) in extraHeaders { headers[name] = value }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.encoded())))
    }
}
