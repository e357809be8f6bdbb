import Event

/// Shows a model's sources as if all had been recorded under the codes of one edition: roll-ups added up anew, folds with
/// the codes replaced. What reads them, shares included, comes out right by itself.
struct EditionTables {
    /// Common table expressions that stand before those of views, each hiding a table of the same name.
    let definitions: [String]
    let edition: RegionEdition

    private static let levels: [String: Int] = ["province": 2, "regency": 5, "district": 8]

    /// - Parameter schema: where the tables are: `main`, or `temp` where they were worked out as of a moment.
    init(
        _ model: ModelFile, on day: LocalDay, registry: ModelRegistry, connection: SQLConnection, schema: String
    ) throws {
        guard !registry.closure(of: model).contains(where: { ["released", "program"].contains($0.topic) }) else {
            throw ReadModelError.noEdition(
                model: model.name,
                reason: "released statistics have one edition, as recorded: two could be held against each other")
        }
        let successions = try RegionSuccessions(connection, schema: schema, on: day)
        var unassigned: Set<String> = []
        var definitions: [String] = []
        for source in Self.read(by: model, registry) where source.name != RegionSuccessions.model {
            let regions = source.columns.filter { $0.type == .region }.map(\.name)
            guard !regions.isEmpty else { continue }
            let table = "\(schema).\(source.name)"
            var places: [String: String] = [:]
            for column in regions {
                for row in try connection.rows("SELECT DISTINCT \(column) FROM \(table)") {
                    guard let text = row[0].text, let code = try? RegionCode(text) else { continue }
                    let place = successions.place(of: code)
                    if place.isUnassigned { unassigned.insert(place.code.description) }
                    if place.code != code { places[text] = place.code.description }
                }
            }
            definitions.append(Self.definition(source, table: table, regions: regions, places: places))
        }
        self.definitions = definitions
        edition = RegionEdition(day: day, unassigned: unassigned.sorted())
    }

    /// The tables that a question to the model reads.
    private static func read(by model: ModelFile, _ registry: ModelRegistry) -> [ModelFile] {
        guard model.kind == .view else { return [model] }
        var found: [ModelFile] = []
        for name in model.modelsRead {
            guard let source = registry.find(name) else { continue }
            for table in read(by: source, registry) where !found.contains(table) { found.append(table) }
        }
        return found
    }

    private static func definition(
        _ model: ModelFile, table: String, regions: [String], places: [String: String]
    ) -> String {
        let columns = model.columns.map { column in
            regions.contains(column.name)
                ? "\(expression(column.name, regions, places)) AS \(column.name)" : column.name
        }
        let inner = "SELECT \(columns.joined(separator: ", ")) FROM \(table)"
        guard model.kind == .rollUp else { return "\(model.name) AS (\(inner))" }
        let outer = model.columns.map { model.key.contains($0.name) ? $0.name : "SUM(\($0.name)) AS \($0.name)" }
        return "\(model.name) AS (SELECT \(outer.joined(separator: ", ")) FROM (\(inner)) "
            + "GROUP BY \(model.key.joined(separator: ", ")))"
    }

    /// A wider region follows its village, which may have gone to another regency.
    private static func expression(_ column: String, _ regions: [String], _ places: [String: String]) -> String {
        let own = mapped(column, places)
        guard let digits = levels[column], regions.contains("village") else { return own }
        let village = mapped("village", places)
        return "CASE WHEN length(village) > \(digits) THEN substr(\(village), 1, \(digits)) ELSE \(own) END"
    }

    /// Codes are digits and dots: they were read as codes.
    private static func mapped(_ column: String, _ places: [String: String]) -> String {
        guard !places.isEmpty else { return column }
        let cases = places.sorted { $0.key < $1.key }.map { "WHEN '\($0.key)' THEN '\($0.value)'" }
        return "CASE \(column) \(cases.joined(separator: " ")) ELSE \(column) END"
    }
}
