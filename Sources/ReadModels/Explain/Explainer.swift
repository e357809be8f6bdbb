import Event

/// Finds the lines behind rows: through what a model reads, and by which columns, down to events.
struct Explainer {
    let context: ReadContext

    /// A version of a line that stands behind a row.
    struct Evidence: Hashable {
        var ev: Int64
        var relation: String
    }

    /// - Parameter key: values of the model's identity columns, or of its key columns only.
    func evidence(_ model: ModelFile, key: [ModelValue]) throws -> Set<Evidence> {
        var found: Set<Evidence> = []
        try collect(model, key: Array(key.prefix(model.key.count)), into: &found)
        return found
    }

    private func collect(_ model: ModelFile, key: [ModelValue], into found: inout Set<Evidence>) throws {
        for reads in model.reads where !reads.by.isEmpty {
            let condition = SQLCondition.all(
                zip(reads.by, key).map { column, value in
                    // An empty part of a group's key stands for NULL.
                    value == .text("") || value.isNull
                        ? SQLCondition(text: "\(column) IS NULL OR \(column) = ''")
                        : SQLCondition(text: "\(column) = ?", values: [value])
                })
            switch reads.source {
            case .event(let type, _):
                let rows = try context.connection.rows(
                    "SELECT ev FROM \(reads.relation) WHERE \(condition.text)", condition.values)
                let relation = EventNaming.relation(type)
                for row in rows { if let ev = row[0].integer { found.insert(Evidence(ev: ev, relation: relation)) } }
            case .everyEvent:
                let rows = try context.connection.rows(
                    "SELECT ev, type FROM ev_all WHERE \(condition.text)", condition.values)
                for row in rows {
                    guard let ev = row[0].integer, let type = row[1].text else { continue }
                    found.insert(Evidence(ev: ev, relation: EventNaming.relation(type)))
                }
            case .model(let name):
                guard let source = context.registry.find(name) else { continue }
                try collect(source, where: condition, into: &found)
            case .logs: break
            }
        }
    }

    private func collect(_ source: ModelFile, where condition: SQLCondition, into found: inout Set<Evidence>) throws {
        let key = source.key.joined(separator: ", ")
        let from =
            source.kind == .view
            ? "(\(source.sql.withoutSemicolon))" : source.name
        // The day that a view takes for today changes no key; a parameter that is not bound is NULL.
        let prefix = ViewExpansion(models: context.registry.find).prefix(for: source)
        let statement = try context.connection.prepare(
            "\(prefix) SELECT DISTINCT \(key) FROM \(from) WHERE \(condition.text)")
        statement.bindLast(condition.values)
        var keys: [[ModelValue]] = []
        while try statement.step() { keys.append(statement.row()) }
        for key in keys { try collect(source, key: key, into: &found) }
    }

    /// The lines themselves, in the order of meaning.
    func lines(_ evidence: Set<Evidence>, intake: any IntakeReader) throws -> [ExplainedLine] {
        var lines: [(order: [Int64], line: ExplainedLine)] = []
        for item in evidence {
            let rows = try context.connection.rows(
                "SELECT subject, occurred_at, known_from, known_to, at_order, hlc FROM \(item.relation) "
                    + "WHERE ev = ?", .integer(item.ev))
            let runs = RunTable(connection: context.connection)
            guard let row = rows.first,
                let place = try runs.place(ofLine: item.ev >> EngineSchema.versionBits),
                let log = try runs.log(place.logID)
            else { continue }
            let line = ExplainedLine(
                line: try LineReference.reading(log, place.sequence, from: intake),
                type: try type(item.relation), subject: row[0].text ?? "", occurredAt: row[1].text ?? "",
                knownFrom: row[2].integer ?? 0, knownTo: context.isLive ? nil : row[3].integer)
            lines.append(([row[4].integer ?? 0, row[5].integer ?? 0], line))
        }
        return lines.sorted { left, right in
            if left.order != right.order { return left.order.lexicographicallyPrecedes(right.order) }
            let names = (left.line.line.log.description, right.line.line.log.description)
            return names.0 == names.1 ? left.line.line.sequence < right.line.line.sequence : names.0 < names.1
        }.map(\.line)
    }

    private func type(_ relation: String) throws -> String {
        try context.connection.rows("SELECT name FROM main.event_type").compactMap { $0[0].text }
            .first { EventNaming.relation($0) == relation } ?? relation
    }
}

extension LineReference {
    /// The reference of a line that the store holds.
    static func reading(
        _ log: LogContext, _ sequence: Int64, from intake: any IntakeReader
    ) throws -> LineReference {
        guard let bytes = try intake.line(log.log, history: log.history, sequence) else {
            throw ReadModelError.failed(
                what: "Reading \(log.key)#\(sequence)", reason: "the store does not hold it any more")
        }
        return try LineReference(log: log.log, sequence: sequence, leafHash: LineFact.leafHash(bytes))
    }
}

extension ModelReader {
    /// The lines behind a row, in the order of meaning.
    /// - Parameters:
    ///   - key: the values of the model's key columns, in order.
    ///   - scope: a region of the reader's; a row outside it has no lines.
    ///   - intake: where the bytes of lines are, for their hashes.
    public func explain(
        _ model: String, key: [ModelValue], asOf: AsOf = .now, scope: RegionCode, reader: Reader,
        intake: any IntakeReader
    ) throws -> [ExplainedLine] {
        try read([model], for: reader, asOf: asOf) { context in
            let model = try context.registry.model(model)
            guard reader.explains(model.topic) else {
                throw ReadModelError.notAllowed(model: "\(model.name), line by line,", role: reader.role ?? "")
            }
            let filters = zip(model.identity, key).map { Filter($0, .equal, [$1]) }
            guard let day = LocalDay("1970-01-01") else { return [] }
            let query = ModelQuery(model.name, filters: filters, scope: scope, reader: reader, today: day)
            let keys = try QueryCompiler(query, model: model, registry: context.registry).keys(context.connection)
            let explainer = Explainer(context: context)
            let evidence = try keys.reduce(into: Set()) { $0.formUnion(try explainer.evidence(model, key: $1)) }
            return try explainer.lines(evidence, intake: intake)
        }
    }
}
