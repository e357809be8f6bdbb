import Event
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// An error answer after RFC 9457, with the protocol's code (`protocol/07-errors-and-limits.md`).
struct ProblemResponse: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    let code: String
    let detail: String
    var extraHeaders: [(HTTPField.Name, String)] = []

    func response(from request: Request, context: some RequestContext) throws -> Response { response }

    var response: Response {
        let json = JSON.object([
            JSONMember("type", .string("about:blank")),
            JSONMember("title", .string(status.reasonPhrase)),
            JSONMember("status", .int(Int64(status.code))),
            JSONMember("code", .string(code)),
            JSONMember("detail", .string(detail)),
        ])
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        for (name, value) in extraHeaders { headers[name] = value }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.encoded())))
    }
}
