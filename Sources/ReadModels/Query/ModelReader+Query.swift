import Event

extension ModelReader {
    /// Answers a question.
    /// - Throws: `ReadModelError` naming what is unknown, with what is known.
    public func query(_ query: ModelQuery) throws -> Answer {
        try read(
            [query.model, WellKnown.nodes, WellKnown.figures]
                + (query.edition == nil ? [] : [RegionSuccessions.model]), for: query.reader, asOf: query.asOf,
            versions: query.versions
        ) {
            context in
            let model = try context.registry.model(query.model)
            let edition = try query.edition.map { day in
                try EditionTables(
                    model, on: day, registry: context.registry, connection: context.connection,
                    schema: context.tables)
            }
            let compiler = try QueryCompiler(
                query, model: model, registry: context.registry, hiding: edition?.definitions ?? [])
            let (rows, nextPage) = try compiler.rows(context.connection)
            return Answer(
                model: model.name, modelVersion: model.version, title: model.title, columns: compiler.visible,
                rows: rows, cut: context.cut, trueAt: context.asOf.trueAt, scope: query.scope, today: query.today,
                completeness: try CompletenessReader(context: context)
                    .completeness(of: query, model: model, compiler: compiler),
                nextPage: nextPage, edition: edition?.edition)
        }
    }
}

/// Models that the engine itself asks, by name: what nodes there are, what was published, and what
/// statistics were released.
enum WellKnown {
    static let nodes = "node_state"
    static let figures = "figures"
    static let statistics = "statistics"
    static let pooled = "statistics_pooled"
}
