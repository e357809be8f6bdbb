/// The statements that compute and keep one model's rows.
///
/// The file's SELECT is never changed but for names: `touched` and `delta_…` become this model's own tables.
struct ModelSQL {
    enum Mode {
        /// A batch: sources are what it changed.
        case incremental
        /// All rows at once: sources are all there is.
        case whole
    }

    let model: ModelFile
    /// The table that holds the rows.
    let target: String
    let mode: Mode
    /// Columns of an event relation.
    let relationColumns: (ModelReads) throws -> [String]
    /// Whether another model reads this one, and so has to hear what is different.
    let isRead: Bool

    var columns: String { model.columns.map(\.name).joined(separator: ", ") }
    var key: String { model.key.joined(separator: ", ") }
    var identity: String { model.identity.joined(separator: ", ") }

    var touchedTable: String { "touched_\(model.name)" }
    var freshTable: String { "fresh_\(model.name)" }
    var deltaTable: String { "delta_\(model.name)" }

    // MARK: - Tables

    func creation(of table: String, temporary: Bool) -> String {
        let types = model.columns.map { column in
            let isKey = model.identity.contains(column.name)
            return "\(column.name) \(column.type.isInteger ? "INTEGER" : "TEXT")\(isKey ? " NOT NULL" : "")"
        }
        return """
            CREATE \(temporary ? "TEMP " : "")TABLE \(table) (\(types.joined(separator: ", ")), \
            PRIMARY KEY (\(identity))) STRICT, WITHOUT ROWID;
            """
    }

    /// Temporary tables in which one batch is worked out.
    var workTables: String {
        switch model.kind {
        case .fold:
            """
            CREATE TEMP TABLE \(touchedTable) (\(key), PRIMARY KEY (\(key))) WITHOUT ROWID;
            \(statistics)
            CREATE TEMP TABLE \(freshTable) (\(columns), PRIMARY KEY (\(identity))) WITHOUT ROWID;
            CREATE TEMP TABLE \(deltaTable) (sign, \(columns));
            """
        case .rollUp:
            """
            CREATE TEMP TABLE \(freshTable) (\(columns));
            CREATE TEMP TABLE \(deltaTable) (sign, \(columns));
            """
        case .view: ""
        }
    }

    /// Tells SQLite that a few keys are touched and not a million, so that it goes from keys to events by index and
    /// never through all events.
    private var statistics: String {
        let sample = model.key.map { _ in "1" }.joined(separator: ", ")
        return """
            INSERT INTO temp.\(touchedTable) VALUES (\(sample)); ANALYZE temp.\(touchedTable); \
            DELETE FROM temp.\(touchedTable);
            """
    }

    // MARK: - Sources

    /// What says which rows change; lists read through their events do not.
    private var keyedReads: [ModelReads] { model.reads.filter { !$0.by.isEmpty } }

    /// The temporary view through which this model reads what changed of a source.
    func sourceView(_ reads: ModelReads) -> String { "\(reads.delta)__for__\(model.name)" }

    /// Statements that create those views.
    func sourceViews(modelTable: (String) -> String) throws -> String {
        var seen: Set<String> = []
        var sql = ""
        for reads in keyedReads where seen.insert(reads.delta).inserted {
            sql += "CREATE TEMP VIEW \(sourceView(reads)) AS \(try sourceSelection(reads, modelTable: modelTable));\n"
        }
        return sql
    }

    private func sourceSelection(_ reads: ModelReads, modelTable: (String) -> String) throws -> String {
        switch (reads.source, mode) {
        case (.model(let name), .incremental): return "SELECT * FROM temp.delta_\(name)"
        case (.model(let name), .whole): return "SELECT 1 AS sign, * FROM \(modelTable(name))"
        case (.event(let type, let list), .incremental):
            return ChangeCapture.deltaSelection(
                reads.relation, name: EventNaming.table(type, list: list), columns: try columnsUsed(reads))
        case (.event, .whole):
            let list = try columnsUsed(reads).map { ", \($0)" }.joined()
            return "SELECT 1 AS sign\(list) FROM \(reads.relation)"
        case (.everyEvent, _), (.logs, _): return "SELECT 1 AS sign, * FROM \(reads.relation)"
        }
    }

    /// The columns of an event relation that this model can be naming: SQLite computes every column of a union.
    private func columnsUsed(_ reads: ModelReads) throws -> [String] {
        var columns = Set(reads.by)
        if model.kind == .rollUp {
            let words = Set(SQLTokenizer.tokens(model.sql).filter { $0.kind == .word }.map(\.text))
            columns.formUnion(try relationColumns(reads).filter { words.contains($0) })
        }
        return columns.sorted()
    }

    /// The file's SELECT over this model's own tables.
    var selection: String {
        var names = ["touched": "temp.\(touchedTable)"]
        if model.kind == .rollUp {
            for reads in model.reads { names[reads.delta] = "temp.\(sourceView(reads))" }
        }
        return model.sql.replacingNames(names).withoutSemicolon
    }
}

// MARK: - Keeping a fold

extension ModelSQL {
    /// One statement for each source: the keys that it touches.
    var touching: [String] {
        keyedReads.map { reads in
            let present = reads.by.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
            return """
                INSERT OR IGNORE INTO temp.\(touchedTable) (\(key)) \
                SELECT \(reads.by.joined(separator: ", ")) FROM temp.\(sourceView(reads)) WHERE \(present)
                """
        }
    }

    var computing: String { "INSERT INTO temp.\(freshTable) (\(columns)) \(selection)" }

    /// What is different: −1 for rows that go, +1 for rows that come.
    var comparing: String {
        let old = model.columns.map { "m.\($0.name)" }.joined(separator: ", ")
        let join = model.key.map { "m.\($0) = t.\($0)" }.joined(separator: " AND ")
        return """
            INSERT INTO temp.\(deltaTable) (sign, \(columns)) SELECT sum(sign), \(columns) FROM (\
            SELECT 1 AS sign, \(columns) FROM temp.\(freshTable) UNION ALL \
            SELECT -1, \(old) FROM temp.\(touchedTable) t CROSS JOIN \(target) m ON \(join)\
            ) GROUP BY \(columns) HAVING sum(sign) <> 0
            """
    }

    /// Removes the rows that go. `rowid` bounds the part of the delta that is new.
    var removing: String {
        let match = model.identity.map { "d.\($0)" }.joined(separator: ", ")
        return """
            DELETE FROM \(target) WHERE (\(identity)) IN \
            (SELECT \(match) FROM temp.\(deltaTable) d WHERE d.sign < 0 AND d.rowid > ?)
            """
    }

    var inserting: String {
        "INSERT INTO \(target) (\(columns)) SELECT \(columns) FROM temp.\(deltaTable) WHERE sign > 0 AND rowid > ?"
    }

    /// Removes all rows of the keys touched, where nobody asks what is different.
    var clearing: String {
        "DELETE FROM \(target) WHERE (\(key)) IN (SELECT \(key) FROM temp.\(touchedTable))"
    }

    /// Computes straight into the table. Also fills an empty table with all rows at once.
    var filling: String { "INSERT INTO \(target) (\(columns)) \(selection)" }
}

// MARK: - Keeping a roll-up

extension ModelSQL {
    /// Columns that are sums.
    var sums: [String] { model.columns.map(\.name).filter { !model.key.contains($0) } }

    /// A group's missing key parts are empty texts, as NULL is equal to nothing and could not be found again.
    private var grouped: String {
        model.columns.map { column in
            let empty = column.type.isInteger ? "0" : "''"
            return "coalesce(\(column.name), \(empty)) AS \(column.name)"
        }.joined(separator: ", ")
    }

    var grouping: String {
        let changed = sums.map { "coalesce(\($0), 0) <> 0" }.joined(separator: " OR ")
        return "INSERT INTO temp.\(freshTable) (\(columns)) SELECT \(grouped) FROM (\(selection)) WHERE \(changed)"
    }

    /// Rows of the groups concerned, before or after.
    func noting(sign: Int) -> String {
        let keys = model.key.map { "m.\($0) = f.\($0)" }.joined(separator: " AND ")
        let names = model.columns.map { "m.\($0.name)" }.joined(separator: ", ")
        let groups = "(SELECT DISTINCT \(key) FROM temp.\(freshTable))"
        return """
            INSERT INTO temp.\(deltaTable) (sign, \(columns)) \
            SELECT \(sign), \(names) FROM \(groups) f CROSS JOIN \(target) m ON \(keys)
            """
    }

    var adding: String {
        let sums = sums.map { "\($0) = \(target).\($0) + excluded.\($0)" }.joined(separator: ", ")
        return """
            INSERT INTO \(target) (\(columns)) SELECT \(columns) FROM temp.\(freshTable) WHERE 1 \
            ON CONFLICT (\(key)) DO UPDATE SET \(sums)
            """
    }

    var emptying: String {
        "DELETE FROM \(target) WHERE n = 0 AND (\(key)) IN (SELECT \(key) FROM temp.\(freshTable))"
    }
}

extension String {
    /// A SELECT as it can stand inside another statement. The newline ends a comment on the last line.
    var withoutSemicolon: String {
        guard let end = SQLTokenizer.tokens(self).last, end.is(";") else { return self + "\n" }
        return String(decoding: Array(utf8)[..<end.range.lowerBound], as: UTF8.self) + "\n"
    }
}
