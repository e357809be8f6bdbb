/// Remembers rows of earlier batches that this batch replaces, so that roll-ups can take them back.
///
/// `delta_…` of an event type is what this batch made different: its own rows, which are those from its first line
/// on, and the rows captured here, −1 for what no longer holds, +1 for what holds instead.
final class ChangeCapture {
    private let connection: SQLConnection
    /// The number of the batch's first line; earlier lines are captured.
    private var firstLine: Int64 = 0
    /// Types with captured rows in this batch, by relation name.
    private var changed: Set<String> = []

    init(connection: SQLConnection, tables: [EventTable]) throws {
        self.connection = connection
        try connection.execute(Self.batchTable)
        for table in tables { try connection.execute(Self.captureTables(table)) }
    }

    static let batchTable = """
        CREATE TEMP TABLE batch (first_ev INTEGER NOT NULL);
        INSERT INTO temp.batch VALUES (0);
        """

    static func captureTables(_ table: EventTable) -> String {
        var sql = "CREATE TEMP TABLE changed_\(table.name) (sign, \(table.relationColumns.joined(separator: ", ")));\n"
        for list in table.lists {
            let columns = table.relationColumns(list).joined(separator: ", ")
            sql += "CREATE TEMP TABLE changed_\(table.name)__\(list.name) (sign, \(columns));\n"
        }
        return sql
    }

    /// What a batch changed of a relation: only the columns asked for, as SQLite computes all that it is given.
    static func deltaSelection(_ relation: String, name: String, columns: [String]) -> String {
        let list = columns.map { ", \($0)" }.joined()
        return """
            SELECT 1 AS sign\(list) FROM \(relation) WHERE ev >= (SELECT first_ev FROM temp.batch) \
            UNION ALL SELECT sign\(list) FROM temp.changed_\(name)
            """
    }

    func begin(firstLine: Int64) throws {
        self.firstLine = firstLine
        try connection.run("UPDATE temp.batch SET first_ev = ?", .integer(firstLine << EngineSchema.versionBits))
    }

    func capture(_ sign: Int64, _ table: EventTable, _ range: ClosedRange<Int64>) throws {
        guard range.lowerBound >> EngineSchema.versionBits < firstLine else { return }
        let statement = try connection.cached(Self.capturing(table.relation, table.name, table.relationColumns))
        statement.bind(sign, at: 1)
        statement.bind(range.lowerBound, at: 2)
        statement.bind(range.upperBound, at: 3)
        try statement.run()
        if statement.changes > 0 { changed.insert(table.relation) }
        for list in table.lists {
            try connection.run(
                Self.capturing(
                    "\(table.relation)__\(list.name)", "\(table.name)__\(list.name)", table.relationColumns(list)),
                .integer(sign), .integer(range.lowerBound), .integer(range.upperBound))
        }
    }

    private static func capturing(_ relation: String, _ name: String, _ columns: [String]) -> String {
        let list = columns.joined(separator: ", ")
        return """
            INSERT INTO temp.changed_\(name) (sign, \(list)) SELECT ?1, \(list) FROM \(relation) WHERE ev BETWEEN ?2 AND ?3
            """
    }

    func remove(_ table: EventTable, _ range: ClosedRange<Int64>) throws {
        for name in table.lists.map({ table.listTable($0) }) + [table.table] {
            try connection.run(
                "DELETE FROM \(name) WHERE ev BETWEEN ? AND ?", .integer(range.lowerBound), .integer(range.upperBound))
        }
    }

    /// Forgets the batch.
    func end(tables: [EventTable]) throws {
        guard !changed.isEmpty else { return }
        for table in tables where changed.contains(table.relation) {
            try connection.run("DELETE FROM temp.changed_\(table.name)")
            for list in table.lists { try connection.run("DELETE FROM temp.changed_\(table.name)__\(list.name)") }
        }
        changed = []
    }
}
