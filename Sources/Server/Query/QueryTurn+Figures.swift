import Catalogue
import Event
import Hummingbird
import Node
import ReadModels

extension QueryTurn {
    /// `GET /q/v1/figures`: published figures that have changed since, with old, new and why.
    func figures() throws -> Response {
        try refuseParameters(except: ["scope", "language"])
        let scope = try QueryRequest.scope(parameters, reader)
        let language = try QueryRequest.language(parameters, headers)
        let today = try today
        let cut = try models.cut
        let tag = QueryTag.of(["figures", language.rawValue, scope.description, reader.role, "\(today)"], cut: cut)
        if headers.knows(tag) { return .unchanged(tag: tag) }

        let changed = try models.restatements(
            scope: scope, reader: access, today: today, intake: node.intakeReader)
        let completeness = try models.completeness(of: scope, period: nil, today: today)
        let json = JSON.object([
            JSONMember("cut", .int(cut)),
            JSONMember("scope", .string(scope.description)),
            JSONMember("completeness", completeness?.json(language) ?? .null),
            JSONMember("restated", .array(changed.map(\.json))),
        ])
        return .json(json, tag: tag, known: headers)
    }
}

extension Restatement {
    var json: JSON {
        .object([
            JSONMember("figure", .string(figure)),
            JSONMember("published", .string(published.description)),
            JSONMember("model", .string(model)),
            JSONMember("column", .string(column)),
            JSONMember("filters", .array(filters.map { .string($0.written) })),
            JSONMember("cut", .int(cut)),
            JSONMember("old", old.json),
            JSONMember("new", new.json),
            JSONMember("changes", .array(changes.map(\.json))),
        ])
    }
}

extension Restatement.Change {
    fileprivate var json: JSON {
        .object([
            JSONMember("line", .string(line.description)),
            JSONMember("type", .string(type)),
            JSONMember("occurred_at", .string(occurredAt)),
            JSONMember("cause", .string(cause.rawValue)),
            JSONMember("by", by.map { .string($0.description) } ?? .null),
        ])
    }
}

extension Filter {
    /// The form that `Filter(parsing:)` reads.
    var written: String { column + comparison.rawValue + values.map(\.description).joined(separator: ",") }
}
