import Catalogue
import HTTPTypes
import Hummingbird
import ReadModels

extension QueryTurn {
    /// `GET /q/v1/models/{model}`: a page of rows.
    func rows(of name: String) throws -> Response {
        let model = try model(named: name)
        let request = try QueryRequest(parameters, model: model, reader: reader, headers: headers, today: try today)
        let tag = QueryTag.of(request, model: model, cut: try models.cut)
        if headers.knows(tag) { return .unchanged(tag: tag) }

        let answer = try models.query(request.query)
        var response = Response.query(
            answer.written(as: request.format, language: request.language), type: request.format.contentType,
            // Lines may have come in since the first look: the tag is of what was answered.
            tag: QueryTag.of(request, model: model, cut: answer.cut))
        response.headers[.simpulModel] = "\(answer.model)/\(answer.modelVersion)"
        response.headers[.simpulCut] = "\(answer.cut)"
        response.headers[.simpulCompleteness] = answer.completeness?.header ?? "none"
        response.headers[.contentLanguage] = request.language.rawValue
        if let next = answer.nextPage { response.headers[.link] = "<\(address(ofPage: next))>; rel=\"next\"" }
        return response
    }

    /// The address of this request with another cursor.
    private func address(ofPage cursor: String) -> String {
        var parts: [String] = []
        for parameter in parameters.list where parameter.name != QueryRequest.Reserved.cursor.rawValue {
            parts.append(
                Self.escaped(parameter.name) + "=" + parameter.values.map(Self.escaped).joined(separator: ","))
        }
        parts.append("cursor=" + Self.escaped(cursor))
        return path + "?" + parts.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}
