import GRDB
import GRDBSQLite

/// A connection with its prepared statements. GRDB opens and closes it; everything that runs often runs here.
///
/// Not Sendable: used only inside the closure in which GRDB lends the connection, or by its one owner.
final class SQLConnection {
    private let handle: OpaquePointer
    private var statements: [String: SQLStatement] = [:]
    private var commits: UnsafeMutablePointer<Int32>?

    init(_ handle: OpaquePointer) {
        self.handle = handle
        // GRDB's authorizer hears of every column while a statement is prepared, to tell observers what it reads.
        // Nobody observes here, and our statements name thousands of columns.
        sqlite3_set_authorizer(handle, nil, nil)
    }

    /// The statement for a text, prepared once. Reset it before leaving it half read.
    func cached(_ sql: String) throws(SQLFailure) -> SQLStatement {
        if let statement = statements[sql] { return statement }
        let statement = try SQLStatement(handle, sql)
        statements[sql] = statement
        return statement
    }

    /// A statement of its own, for texts that do not come back.
    func prepare(_ sql: String) throws(SQLFailure) -> SQLStatement { try SQLStatement(handle, sql) }

    /// Runs one or more statements that give no rows and have no parameters.
    func execute(_ sql: String) throws(SQLFailure) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw SQLFailure(handle, sql: sql) }
    }

    /// Runs a cached statement that gives no rows.
    func run(_ sql: String, _ values: ModelValue...) throws(SQLFailure) {
        let statement = try cached(sql)
        for (index, value) in values.enumerated() { statement.bind(value, at: Int32(index + 1)) }
        try statement.run()
    }

    /// The rows of a cached statement.
    func rows(_ sql: String, _ values: ModelValue...) throws(SQLFailure) -> [[ModelValue]] {
        try rows(sql, values)
    }

    func rows(_ sql: String, _ values: [ModelValue]) throws(SQLFailure) -> [[ModelValue]] {
        let statement = try cached(sql)
        for (index, value) in values.enumerated() { statement.bind(value, at: Int32(index + 1)) }
        var rows: [[ModelValue]] = []
        while try statement.step() { rows.append(statement.row()) }
        return rows
    }

    /// The first value of the first row.
    func value(_ sql: String, _ values: ModelValue...) throws(SQLFailure) -> ModelValue? {
        try rows(sql, values).first?.first
    }

    /// Forgets every prepared statement; must come before the connection closes.
    func finalizeStatements() {
        statements.removeAll()
        if commits != nil { sqlite3_wal_hook(handle, nil, nil) }
    }

    /// Follows how long the write-ahead log is. Its file tells nothing: once copied back it is written over from the
    /// start, and keeps the length it had.
    func watchLog() {
        guard commits == nil else { return }
        let pages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        pages.initialize(to: 0)
        commits = pages
        sqlite3_wal_hook(
            handle,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, pages)
    }

    /// Pages in the write-ahead log after the last commit; 0 before the first one.
    var logPages: Int64 { Int64(commits?.pointee ?? 0) }

    deinit {
        if let commits {
            sqlite3_wal_hook(handle, nil, nil)
            commits.deallocate()
        }
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs a body in a transaction of its own.
    func transaction<T>(_ body: () throws -> T) throws -> T {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // The first error says what happened; a failing rollback says only that SQLite has already done it.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// Runs a body that may fail without ending the transaction around it.
    func savepoint<T>(_ body: () throws -> T) throws -> T {
        try execute("SAVEPOINT attempt")
        do {
            let result = try body()
            try execute("RELEASE attempt")
            return result
        } catch {
            if sqlite3_get_autocommit(handle) == 0 {
                try execute("ROLLBACK TO attempt")
                try execute("RELEASE attempt")
            }
            throw error
        }
    }

    /// Copies pages of the write-ahead log into the database, without waiting for readers.
    func checkpoint() throws(SQLFailure) {
        guard sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil) == SQLITE_OK else {
            throw SQLFailure(handle, sql: "checkpoint")
        }
    }
}
