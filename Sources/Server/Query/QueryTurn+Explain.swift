import Catalogue
import Event
import Hummingbird
import Node
import ReadModels

extension QueryTurn {
    /// `GET /q/v1/models/{model}/explain?key=…`: the lines behind a row.
    func explanation(in name: String) throws -> Response {
        try refuseParameters(except: ["key", "as_of_cut", "true_at", "scope", "language"])
        let model = try model(named: name)
        let key = try keyValues(model)
        let asOf = try QueryRequest.asOf(parameters)
        let scope = try QueryRequest.scope(parameters, reader)
        let language = try QueryRequest.language(parameters, headers)
        let today = try today
        let cut = try asOf.cut ?? models.cut
        let tag = QueryTag.of(
            [
                "explain", reader.role, "\(access.isConflicted)", model.name, "\(model.version)", language.rawValue,
                scope.description,
                asOf.trueAt?.description ?? "", "\(today)",
            ]
                + key.map { "\($0)" }, cut: cut)
        if headers.knows(tag) { return .unchanged(tag: tag) }

        let lines = try models.explain(
            model.name, key: key, asOf: asOf, scope: scope, reader: access, intake: node.intakeReader)
        let whom = subjects(of: lines)
        try noteReading(of: whom, model: model)
        let period = model.periodColumn.flatMap { model.key.firstIndex(of: $0) }.flatMap { Period("\(key[$0])") }
        let completeness = try models.completeness(of: scope, period: period, today: today, asOf: asOf)
        let json = JSON.object([
            JSONMember("model", .string(model.name)),
            JSONMember("version", .int(Int64(model.version))),
            JSONMember("key", .object(zip(model.key, key).map { JSONMember($0, $1.json) })),
            JSONMember("cut", .int(cut)),
            JSONMember("scope", .string(scope.description)),
            JSONMember("completeness", completeness?.json(language) ?? .null),
            JSONMember("lines", .array(lines.map(\.json))),
        ])
        var response = Response.json(json, tag: tag, known: headers)
        if !whom.isEmpty { response.keepNowhere() }
        return response
    }

    /// The values of `key`, one for each column of the model's key.
    private func keyValues(_ model: ModelInfo) throws(ProblemResponse) -> [ModelValue] {
        let texts = parameters.list.filter { $0.name == "key" }.flatMap(\.values)
        guard texts.count == model.key.count else {
            throw .badQuery(
                "A row of \(model.name) is named by \(model.key.count) values: "
                    + "key=\(model.key.map { "<\($0)>" }.joined(separator: ",")). There are \(texts.count).")
        }
        var values: [ModelValue] = []
        for (name, text) in zip(model.key, texts) {
            guard model.columns.first(where: { $0.name == name })?.type.isInteger == true else {
                values.append(.text(text))
                continue
            }
            guard let number = Int64(text) else { throw .badQuery("“\(text)” is not a value of \(name), an integer") }
            values.append(.integer(number))
        }
        return values
    }
}

extension ExplainedLine {
    var json: JSON {
        .object([
            JSONMember("line", .string(line.description)),
            JSONMember("type", .string(type)),
            JSONMember("subject", .string(subject)),
            JSONMember("occurred_at", .string(occurredAt)),
            JSONMember("known_from", .int(knownFrom)),
            JSONMember("known_to", knownTo.map { .int($0) } ?? .null),
        ])
    }
}
