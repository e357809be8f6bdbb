import Catalogue
import Event
import Hummingbird
import ReadModels

extension QueryTurn {
    /// `GET /q/v1/models`: what can be asked, with the columns of each.
    func list() throws -> Response {
        try refuseParameters(except: [])
        let cut = try models.cut
        let allowed = try allowedModels()
        let json = JSON.object([
            JSONMember("cut", .int(cut)),
            JSONMember("models", .array(allowed.map(\.json))),
        ])
        return .json(
            json, tag: QueryTag.of(["models", reader.role] + allowed.map { "\($0)" }, cut: cut), known: headers)
    }
}

extension ModelInfo {
    /// A model as the list of models shows it.
    var json: JSON {
        .object([
            JSONMember("name", .string(name)),
            JSONMember("version", .int(Int64(version))),
            JSONMember("kind", .string(kind.rawValue)),
            JSONMember("title", .object([JSONMember("id", .string(title.id)), JSONMember("en", .string(title.en))])),
            JSONMember("about", .string(about)),
            JSONMember("key", .array(key.map { .string($0) })),
            JSONMember("columns", .array(columns.map(\.json))),
            JSONMember("period_column", periodColumn.map { .string($0) } ?? .null),
            JSONMember("failure", failure.map { .string($0) } ?? .null),
            JSONMember("rows", .string("/q/v1/models/\(name)")),
        ])
    }
}

extension ModelColumn {
    var json: JSON {
        .object([
            JSONMember("name", .string(name)),
            JSONMember("type", .string(type.description)),
            JSONMember("label", .object([JSONMember("id", .string(label.id)), JSONMember("en", .string(label.en))])),
        ])
    }
}
