import Catalogue
import Event

extension ModelReader {
    /// What a release of statistics changes, as things stand.
    public func releasePlan() throws -> ReleasePlan {
        try read { context in
            var counts: [StatisticsCell: Int64] = [:]
            for model in context.registry.models {
                for source in model.releases {
                    try Self.count(model, source, context.connection) { counts[$0, default: 0] += $1 }
                }
            }
            guard context.registry.find(WellKnown.statistics) != nil, context.registry.find(WellKnown.pooled) != nil
            else { throw ReadModelError.unknownModel(WellKnown.statistics, known: context.registry.models.map(\.name)) }
            var released: [StatisticsCell: Int64] = [:]
            for row in try context.connection.rows(
                "SELECT series, period, region, category, persons FROM \(WellKnown.statistics)")
            {
                if let cell = try StatisticsCell(row), let persons = row[4].integer { released[cell] = persons }
            }
            var pooled: [ReleasePlan.Pooling: Int64] = [:]
            for row in try context.connection.rows(
                "SELECT series, period, region, category, persons, into_region, into_category FROM \(WellKnown.pooled)")
            {
                guard let cell = try StatisticsCell(row), let persons = row[4].integer,
                    let into = try StatisticsCell([row[0], row[1], row[5], row[6]])
                else { continue }
                pooled[.init(cell: cell, into: into)] = persons
            }
            return ReleasePlan(counts: counts, released: released, pooled: pooled)
        }
    }

    /// The persons behind a model's rows, by narrowest cell.
    private static func count(
        _ model: ModelFile, _ source: SeriesSource, _ connection: SQLConnection,
        into add: (StatisticsCell, Int64) -> Void
    ) throws {
        // Of several regions in the key the first that is known is the narrowest.
        let places = model.key.filter { name in model.columns.first { $0.name == name }?.type == .region }
        let fixed = [model.periodColumn ?? "'\(StatisticsCell.everyPeriod)'", source.categoryColumn ?? "''"]
        let rows = try connection.rows(
            "SELECT \((fixed + places + source.measures).joined(separator: ", ")) FROM \(model.name)")
        for row in rows {
            let named = row[2..<(2 + places.count)].compactMap(\.text).first { !$0.isEmpty }
            let place = try named.map { try RegionCode($0) } ?? .nation
            for (measure, value) in zip(source.measures, row[(2 + places.count)...]) {
                let category =
                    source.categoryColumn != nil
                    ? row[1].text ?? "" : source.measures.count == 1 ? StatisticsCell.everyCategory : measure
                let cell = StatisticsCell(
                    series: source.series, period: row[0].text ?? StatisticsCell.everyPeriod, place: place,
                    category: category)
                add(cell, value.integer ?? 0)
            }
        }
    }

    /// What a figure comes to in the released statistics; nil where it is none of theirs: no column that is released,
    /// no single period, or a condition that statistics do not know.
    public func releasedValue(of query: ModelQuery, column: String) throws -> Int64? {
        try read([WellKnown.statistics]) { context in
            let model = try context.registry.model(query.model)
            guard let figure = model.publishes.first(where: { $0.column == column }) else { return nil }
            var filters = [Filter("series", .equal, .text(figure.series))]
            if let category = figure.category { filters.append(Filter("category", .equal, .text(category))) }
            var regions: [RegionCode] = []
            var period = model.periodColumn == nil ? StatisticsCell.everyPeriod : nil
            for filter in query.filters {
                guard filter.comparison == .equal, filter.values.count == 1, let text = filter.values[0].text,
                    let type = model.columns.first(where: { $0.name == filter.column })?.type
                else { return nil }
                if filter.column == model.periodColumn {
                    period = text
                } else if type == .region, let region = try? RegionCode(text) {
                    regions.append(region)
                } else {
                    return nil
                }
            }
            guard let period else { return nil }
            filters.append(Filter("period", .equal, .text(period)))
            let asked = ModelQuery(
                WellKnown.statistics, filters: filters, scope: query.scope, reader: .holder, today: query.today)
            let rows = try QueryCompiler(
                asked, model: try context.registry.model(WellKnown.statistics), registry: context.registry
            ).rows(context.connection).rows
            return try rows.reduce(into: 0) { sum, row in
                let place = try RegionCode(row[2].text ?? "")
                if regions.allSatisfy({ place.isAtOrBelow($0) }) { sum += row[4].integer ?? 0 }
            }
        }
    }

    /// Whether a model's rows name neither persons nor cases, so that its values may be published as they are.
    public func isOpen(_ model: String, policy: AccessPolicy) throws -> Bool {
        try read { policy.topic(try $0.registry.model(model).topic)?.isOpen ?? false }
    }
}

extension StatisticsCell {
    /// Series, period, region and category, as rows have them.
    fileprivate init?(_ row: [ModelValue]) throws {
        guard let series = row[0].text, let period = row[1].text, let region = row[2].text, let category = row[3].text
        else { return nil }
        self.init(series: series, period: period, place: try RegionCode(region), category: category)
    }
}
