/// Turns a question into one SELECT.
struct QueryCompiler {
    private struct Term {
        var expression: String
        var descending: Bool
    }

    let model: ModelFile
    private let view: ModelView
    private let query: ModelQuery
    private let views: ViewExpansion
    private let terms: [Term]
    private let orderColumns: [String]
    /// Common table expressions that hide tables of the same name.
    private let hiding: [String]

    init(
        _ query: ModelQuery, model: ModelFile, registry: ModelRegistry, hiding: [String] = []
    ) throws(ReadModelError) {
        self.query = query
        self.hiding = hiding
        self.model = model
        view = try ModelView(model, for: query.reader, scope: query.scope, registry: registry)
        views = ViewExpansion(models: registry.find)
        var sort = query.sort
        for name in model.identity where !sort.contains(where: { $0.column == name }) { sort.append(SortKey(name)) }
        var terms: [Term] = []
        for key in sort {
            _ = try view.column(key.column)
            // Empty cells come last, whichever way the others go. Parts of the key are never empty.
            if !model.identity.contains(key.column) {
                terms.append(Term(expression: "(\(key.column) IS NULL)", descending: false))
            }
            terms.append(Term(expression: key.column, descending: key.descending))
        }
        self.terms = terms
        orderColumns = sort.map(\.column)
    }

    // MARK: - Parts

    private var prefix: String {
        let parts = hiding + views.definitions(for: model)
        return parts.isEmpty ? "" : "WITH " + parts.joined(separator: ", ")
    }

    private var source: String { model.kind == .view ? "(\(model.sql.withoutSemicolon))" : model.name }

    /// What the reader sees, and filters, without the page.
    private func selection() throws(ReadModelError) -> SQLCondition {
        var parts: [SQLCondition] = []
        if let condition = view.condition { parts.append(condition) }
        for filter in query.filters { parts.append(try filter.condition(on: try view.column(filter.column))) }
        return .all(parts)
    }

    private func bind(_ values: [ModelValue], to statement: SQLStatement) {
        if let index = statement.parameter(":today") { statement.bind(query.today.description, at: index) }
        if let index = statement.parameter(":today_day") { statement.bind(Int64(query.today.number), at: index) }
        statement.bindLast(values)
    }

    /// Those that the reader sees.
    var visible: [ModelColumn] { view.columns }

    private var columns: String { visible.map(\.name).joined(separator: ", ") }

    // MARK: - Rows

    func rows(_ connection: SQLConnection) throws -> (rows: [[ModelValue]], nextPage: String?) {
        var parts = [try selection()]
        if let cursor = query.cursor { parts.append(try after(cursor)) }
        let condition = SQLCondition.all(parts)
        let order = terms.map { $0.expression + ($0.descending ? " DESC" : "") }.joined(separator: ", ")
        let limit = max(1, min(query.limit, 100_000))
        let statement = try connection.prepare(
            "\(prefix) SELECT \(columns) FROM \(source) WHERE \(condition.text) ORDER BY \(order) LIMIT \(limit + 1)")
        bind(condition.values, to: statement)
        var rows: [[ModelValue]] = []
        while try statement.step() { rows.append(statement.row()) }
        guard rows.count > limit, let last = rows.dropLast().last else { return (rows, nil) }
        rows.removeLast()
        return (rows, PageCursor(question: question, values: orderColumns.map { value(of: $0, in: last) }).text)
    }

    private func value(of column: String, in row: [ModelValue]) -> ModelValue {
        visible.firstIndex { $0.name == column }.map { row[$0] } ?? .null
    }

    /// What a cursor belongs to: the model and the order.
    private var question: String {
        ([model.name, String(model.version)] + (query.edition.map { ["edition:\($0)"] } ?? [])
            + query.sort.map { ($0.descending ? "-" : "") + $0.column })
            .joined(separator: " ")
    }

    /// Rows after a place in the order: equal in the first terms, and after it in the next.
    private func after(_ cursor: String) throws(ReadModelError) -> SQLCondition {
        let cells = try PageCursor(cursor, question: question, count: orderColumns.count).values
        var values: [ModelValue] = []
        for (column, cell) in zip(orderColumns, cells) {
            if !model.identity.contains(column) { values.append(.integer(cell.isNull ? 1 : 0)) }
            values.append(cell)
        }
        var alternatives: [SQLCondition] = []
        for (index, term) in terms.enumerated() {
            var texts = terms[..<index].map { "\($0.expression) IS ?" }
            texts.append("\(term.expression) \(term.descending ? "<" : ">") ?")
            alternatives.append(
                SQLCondition(text: "(\(texts.joined(separator: " AND ")))", values: Array(values[...index])))
        }
        return SQLCondition(
            text: alternatives.map(\.text).joined(separator: " OR "), values: alternatives.flatMap(\.values))
    }

    // MARK: - Single values

    /// The sum of a number over the rows asked for, or the one value that they have; null where there is none.
    func figure(_ column: ModelColumn, _ connection: SQLConnection) throws -> ModelValue {
        let condition = try selection()
        let statement = try connection.prepare(
            "\(prefix) SELECT \(column.name) FROM \(source) WHERE \(condition.text) ORDER BY "
                + model.identity.joined(separator: ", "))
        bind(condition.values, to: statement)
        var cells: [ModelValue] = []
        while try statement.step() { cells.append(statement.value(0)) }
        guard column.type == .integer || column.type == .money else { return cells.count == 1 ? cells[0] : .null }
        return cells.isEmpty ? .integer(0) : .integer(cells.reduce(0) { $0 + ($1.integer ?? 0) })
    }

    /// The greatest value of a column over all rows asked for.
    func greatest(_ column: String, _ connection: SQLConnection) throws -> ModelValue {
        let condition = try selection()
        let statement = try connection.prepare(
            "\(prefix) SELECT max(\(column)) FROM \(source) WHERE \(condition.text)")
        bind(condition.values, to: statement)
        let value = try statement.step() ? statement.value(0) : .null
        statement.reset()
        return value
    }

    /// The keys of the rows asked for.
    func keys(_ connection: SQLConnection) throws -> [[ModelValue]] {
        let condition = try selection()
        let identity = model.identity.joined(separator: ", ")
        let statement = try connection.prepare(
            "\(prefix) SELECT \(identity) FROM \(source) WHERE \(condition.text) ORDER BY \(identity)")
        bind(condition.values, to: statement)
        var keys: [[ModelValue]] = []
        while try statement.step() { keys.append(statement.row()) }
        return keys
    }
}
