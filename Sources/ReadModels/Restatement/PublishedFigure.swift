import Catalogue
import Event

/// A figure as a line published it: the model, the filter, the column, the value, and the cut.
struct PublishedFigure {
    var log: String
    var sequence: Int64
    var title: String
    var model: String
    /// The versions, by name, of the model and all that it reads when it was published; none in older lines.
    var versions: [String: Int]
    var column: String
    var filters: [Filter]
    var cut: Int64
    var value: ModelValue

    /// Every figure published, as known in a state. Without a model of figures, none.
    static func all(_ context: ReadContext) throws -> [PublishedFigure] {
        guard let model = context.registry.find(WellKnown.figures) else { return [] }
        return try context.connection.rows(
            "SELECT log, seq, title, model, measure, filter, cut, value, models FROM \(model.name) ORDER BY figure"
        ).compactMap { row in
            guard let log = row[0].text, let sequence = row[1].integer, let name = row[3].text,
                let model = context.registry.find(name), let measure = row[4].text,
                let column = model.columns.first(where: { $0.name == measure }), let cut = row[6].integer
            else { return nil }
            let text = row[7].text ?? ""
            return PublishedFigure(
                log: log, sequence: sequence, title: row[2].text ?? "", model: name,
                versions: ModelRegistry.versions(row[8].text ?? ""), column: measure,
                filters: filters(row[5].text ?? "{}"), cut: cut,
                value: column.type.isInteger ? Int64(text).map { .integer($0) } ?? .null : .text(text))
        }
    }

    /// `{"regency":"36.04","month":"2026-07"}`, as the line has it; a list means one of several values.
    private static func filters(_ text: String) -> [Filter] {
        guard let members = (try? JSON.parse(Array(text.utf8)))?.objectValue else { return [] }
        return members.map { member in
            Filter(member.key, .equal, (member.value.arrayValue ?? [member.value]).map(value))
        }
    }

    private static func value(_ json: JSON) -> ModelValue {
        switch json {
        case .string(let text): .text(text)
        case .int(let number): .integer(number)
        case .bool(let flag): .integer(flag ? 1 : 0)
        default: .null
        }
    }

    /// Over all that is here: the figure is the same whoever asks.
    func query(today: LocalDay) -> ModelQuery {
        ModelQuery(model, filters: filters, scope: .nation, reader: .holder, today: today)
    }

    /// Whether a reader of a region may see it: one of its filters names a region that is theirs.
    func isAbout(_ scope: RegionCode, _ context: ReadContext) -> Bool {
        guard scope != .nation else { return true }
        let regions = context.registry.find(model)?.columns.filter { $0.type == .region }.map(\.name) ?? []
        return filters.contains { filter in
            regions.contains(filter.column)
                && filter.values.allSatisfy { value in
                    value.text.flatMap { try? RegionCode($0) }?.isAtOrBelow(scope) ?? false
                }
        }
    }

    /// Whether a reader sees every row and the column that it is computed from.
    func isFor(_ reader: Reader, _ context: ReadContext) -> Bool {
        guard let model = context.registry.find(model), let grant = reader.grant(model.topic) else { return false }
        return grant.only.isEmpty && grant.never.isEmpty && !grant.hidden.contains(column)
    }

    /// What the figure comes to in a state.
    func value(in context: ReadContext, today: LocalDay) throws -> ModelValue {
        let model = try context.registry.model(model)
        guard let column = model.columns.first(where: { $0.name == self.column }) else { return .null }
        let compiler = try QueryCompiler(query(today: today), model: model, registry: context.registry)
        return try compiler.figure(column, context.connection)
    }
}
