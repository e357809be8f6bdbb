import Foundation
import GRDBSQLite

/// SQLite's C interface alone: rows of the same bytes under the same ids, in batches that are durable when they
/// return. What receiving is measured against.
final class BareTable {
    private var connection: OpaquePointer?
    private var insertion: OpaquePointer?
    private var beginning: OpaquePointer?
    private var committing: OpaquePointer?

    init(folder: String) throws {
        try check(sqlite3_open(folder + "/bare.db", &connection))
        // As the store sets them: durable at each commit, and as much page cache.
        try run("PRAGMA journal_mode = WAL")
        try run("PRAGMA synchronous = FULL")
        try run("PRAGMA cache_size = -65536")
        try run("CREATE TABLE line (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
        insertion = try prepare("INSERT INTO line (id, bytes) VALUES (?, ?)")
        beginning = try prepare("BEGIN IMMEDIATE")
        committing = try prepare("COMMIT")
    }

    deinit {
        for statement in [insertion, beginning, committing] { sqlite3_finalize(statement) }
        sqlite3_close(connection)
    }

    /// One durable batch.
    func insert(_ lines: some Collection<[UInt8]>, from id: Int64) throws {
        try step(beginning)
        var id = id
        for line in lines {
            try line.withUnsafeBytes { bytes in
                sqlite3_bind_int64(insertion, 1, id)
                sqlite3_bind_blob(insertion, 2, bytes.baseAddress, Int32(bytes.count), nil)
                try step(insertion)
            }
            id += 1
        }
        try step(committing)
    }

    private func step(_ statement: OpaquePointer?) throws {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw BareFailure(message: String(cString: sqlite3_errmsg(connection))) }
    }

    private func prepare(_ sql: String) throws -> OpaquePointer? {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
        return statement
    }

    private func run(_ sql: String) throws { try check(sqlite3_exec(connection, sql, nil, nil, nil)) }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw BareFailure(message: String(cString: sqlite3_errmsg(connection))) }
    }
}

struct BareFailure: Error, CustomStringConvertible {
    let message: String
    var description: String { "SQLite: \(message)" }
}
