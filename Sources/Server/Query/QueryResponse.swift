import Event
import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPField.Name {
    /// The cut that an answer was computed at.
    static let simpulCut = HTTPField.Name("Simpul-Cut")!
    /// Model and version of an answer: `name/version`.
    static let simpulModel = HTTPField.Name("Simpul-Model")!
    /// How complete an answer is; `none` for lists that no node reports to.
    static let simpulCompleteness = HTTPField.Name("Simpul-Completeness")!
    static let link = HTTPField.Name("Link")!
}

extension Response {
    /// An answer of the query interface: for its reader alone, and asked for again with its tag.
    static func query(_ bytes: [UInt8], type: String, tag: String) -> Response {
        var headers = cached(tag)
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func json(_ json: JSON, tag: String, known: QueryHeaders) -> Response {
        guard !known.knows(tag) else { return unchanged(tag: tag) }
        return query(json.encoded() + [UInt8(ascii: "\n")], type: "application/json", tag: tag)
    }

    /// For answers about persons: no cache keeps a copy, and without a tag every asking is a reading of its own.
    mutating func keepNowhere() {
        headers[.cacheControl] = "no-store"
        headers[.eTag] = nil
    }

    static func unchanged(tag: String) -> Response { Response(status: .notModified, headers: cached(tag)) }

    private static func cached(_ tag: String) -> HTTPFields {
        [
            .eTag: tag, .cacheControl: "private, no-cache", .vary: "Accept, Accept-Language, Authorization, Cookie",
            .xContentTypeOptions: "nosniff",
        ]
    }
}
