import Catalogue
import HTTPTypes
import Hummingbird
import Node
import ReadModels
import Store

extension QueryTurn {
    /// `GET /q/v1/models/{model}`: a page of rows.
    func rows(of name: String) throws -> Response {
        let model = try model(named: name)
        let request = try QueryRequest(
            parameters, model: model, reader: reader, access: access, headers: headers, today: try today)
        let tag = QueryTag.of(request, model: model, reader: reader, cut: try models.cut)
        if headers.knows(tag) { return .unchanged(tag: tag) }

        let answer = try models.query(request.query)
        let subjects = answer.subjects(in: node.own.region)
        try noteReading(of: subjects, model: model)
        var response = Response.query(
            answer.written(as: request.format, language: request.language), type: request.format.contentType,
            // Lines may have come in since the first look: the tag is of what was answered.
            tag: QueryTag.of(request, model: model, reader: reader, cut: answer.cut))
        if !subjects.isEmpty { response.keepNowhere() }
        response.headers[.simpulModel] = "\(answer.model)/\(answer.modelVersion)"
        response.headers[.simpulCut] = "\(answer.cut)"
        response.headers[.simpulCompleteness] = answer.completeness?.header ?? "none"
        if request.format == .csv {
            // A browser saves it, under a name that says what it is.
            response.headers[.contentDisposition] = "attachment; filename=\"\(answer.model)-cut\(answer.cut).csv\""
        }
        response.headers[.contentLanguage] = request.language.rawValue
        if let next = answer.nextPage { response.headers[.link] = "<\(address(ofPage: next))>; rel=\"next\"" }
        return response
    }

    /// The address of this request with another cursor.
    private func address(ofPage cursor: String) -> String {
        var pairs = parameters.list.filter { $0.name != QueryRequest.Reserved.cursor.rawValue }
            .map { (name: $0.name, values: $0.values) }
        pairs.append((QueryRequest.Reserved.cursor.rawValue, [cursor]))
        return path + "?" + QueryAddress.joined(pairs)
    }
}
