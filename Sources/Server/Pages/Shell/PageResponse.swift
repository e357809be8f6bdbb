import HTTPTypes
import Hummingbird
import NIOCore

/// What a page handler gives back.
struct PageResponse: Sendable {
    var status: HTTPResponse.Status
    var contentType: String?
    var body: String
    var headers: HTTPFields = [:]
    var cookies: [Cookie] = []

    static func html(_ body: String, status: HTTPResponse.Status = .ok) -> PageResponse {
        PageResponse(status: status, contentType: "text/html; charset=utf-8", body: body)
    }

    /// After a form was taken: the browser asks for `path`, and reloading it sends nothing again.
    static func redirect(_ path: String) -> PageResponse {
        var response = PageResponse(status: .seeOther, contentType: nil, body: "")
        response.headers[.location] = path
        return response
    }

    func response() -> Response {
        var response = Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
        if let contentType { response.headers[.contentType] = contentType }
        for cookie in cookies { response.setCookie(cookie) }
        return response
    }
}
