import Event
import Hummingbird

extension QueryTurn {
    /// `GET /q/v1/openapi.json`: the interface as this reader may use it.
    func description() throws -> Response {
        try refuseParameters(except: [])
        let document = OpenAPIDocument(models: try allowedModels(), sessionCookie: sessionCookie)
        let bytes = document.json.encoded()
        let tag = QueryTag.of([String(decoding: bytes, as: UTF8.self)], cut: 0)
        return .json(document.json, tag: tag, known: headers)
    }
}
