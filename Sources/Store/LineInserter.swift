import Foundation
import GRDB
import GRDBSQLite

/// Inserts lines through SQLite's own interface, as this is the hottest statement of a receiving node.
struct LineInserter: ~Copyable {
    private let statement: OpaquePointer
    private let connection: OpaquePointer

    init(_ db: Database) throws {
        (connection, statement) = try Self.prepare(db)
    }

    private static func prepare(_ db: Database) throws -> (OpaquePointer, OpaquePointer) {
        guard let connection = db.sqliteConnection else { throw StoreError.invalid("the database is closed") }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(connection, "INSERT INTO line (id, bytes) VALUES (?, ?)", -1, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
        }
        return (connection, statement)
    }

    deinit { sqlite3_finalize(statement) }

    func insert(id: Int64, bytes: UnsafeRawBufferPointer) throws {
        sqlite3_bind_int64(statement, 1, id)
        // A nil destructor is SQLITE_STATIC: the bytes outlive the step below.
        sqlite3_bind_blob(statement, 2, bytes.baseAddress, Int32(bytes.count), nil)
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: String(cString: sqlite3_errmsg(connection)))
        }
    }
}
