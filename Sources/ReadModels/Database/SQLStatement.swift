import GRDB
import GRDBSQLite

/// A prepared statement through SQLite's own interface: the hot loops of the engine run on these.
///
/// Not Sendable: it lives and dies with the connection that one writer owns.
final class SQLStatement {
    let sql: String
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    init(_ connection: OpaquePointer, _ sql: String) throws(SQLFailure) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw SQLFailure(connection, sql: sql) }
        self.sql = sql
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: - Parameters, counted from 1

    func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ value: Int64?, at index: Int32) {
        if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

    /// Binds bytes without copying them: they must stay in place until the statement has been stepped.
    func bind(text: UnsafeBufferPointer<UInt8>, at index: Int32) {
        let empty: StaticString = ""
        text.withMemoryRebound(to: CChar.self) { characters in
            let base = characters.baseAddress ?? UnsafeRawPointer(empty.utf8Start).assumingMemoryBound(to: CChar.self)
            _ = sqlite3_bind_text(handle, index, base, Int32(characters.count), nil)
        }
    }

    func bind(_ text: String?, at index: Int32) {
        guard let text else { return bindNull(at: index) }
        // SQLITE_TRANSIENT, which is not imported: SQLite copies the bytes.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), transient)
    }

    func bind(blob: [UInt8], at index: Int32) {
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_blob(handle, index, blob, Int32(blob.count), transient)
    }

    func bind(_ value: ModelValue, at index: Int32) {
        switch value {
        case .null: bindNull(at: index)
        case .integer(let value): bind(value, at: index)
        case .text(let value): bind(value, at: index)
        }
    }

    /// Binds the last parameters: those of conditions come after those that views have by name.
    func bindLast(_ values: [ModelValue]) {
        let first = parameterCount - values.count + 1
        for (index, value) in values.enumerated() { bind(value, at: Int32(first + index)) }
    }

    private var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

    /// The index of a named parameter, or nil where the statement has none of that name.
    func parameter(_ name: String) -> Int32? {
        let index = sqlite3_bind_parameter_index(handle, name)
        return index > 0 ? index : nil
    }

    // MARK: - Running

    /// Goes to the next row; false at the end, where the statement is reset.
    func step() throws(SQLFailure) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            let failure = SQLFailure(connection, sql: sql)
            sqlite3_reset(handle)
            throw failure
        }
        sqlite3_reset(handle)
        return false
    }

    /// Runs a statement that gives no rows.
    func run() throws(SQLFailure) {
        while try step() {}
    }

    /// Rows inserted, changed or removed by the last run.
    var changes: Int { Int(sqlite3_changes(connection)) }

    func reset() { sqlite3_reset(handle) }

    // MARK: - Columns, counted from 0

    var columnCount: Int { Int(sqlite3_column_count(handle)) }

    func columnName(_ index: Int) -> String {
        sqlite3_column_name(handle, Int32(index)).map { String(cString: $0) } ?? ""
    }

    func isNull(_ index: Int) -> Bool { sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL }

    func integer(_ index: Int) -> Int64 { sqlite3_column_int64(handle, Int32(index)) }

    func optionalInteger(_ index: Int) -> Int64? { isNull(index) ? nil : integer(index) }

    /// The bytes of a text or blob; valid until the next step.
    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        guard let start = sqlite3_column_blob(handle, Int32(index)) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let count = Int(sqlite3_column_bytes(handle, Int32(index)))
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count)
    }

    func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    func optionalText(_ index: Int) -> String? { isNull(index) ? nil : text(index) }

    func value(_ index: Int) -> ModelValue {
        switch sqlite3_column_type(handle, Int32(index)) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer(integer(index))
        default: .text(text(index))
        }
    }

    func row() -> [ModelValue] { (0..<columnCount).map(value) }
}

/// What SQLite said when it refused.
struct SQLFailure: Error, CustomStringConvertible {
    var code: Int32
    var message: String
    var sql: String

    init(_ connection: OpaquePointer, sql: String) {
        code = sqlite3_extended_errcode(connection)
        message = String(cString: sqlite3_errmsg(connection))
        self.sql = sql
    }

    /// The disk, not the statement, is at fault: nothing in the data can be blamed.
    var isEnvironmental: Bool {
        switch code & 0xFF {
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_READONLY, SQLITE_CORRUPT,
            SQLITE_CANTOPEN, SQLITE_INTERRUPT, SQLITE_NOTADB:
            true
        default: false
        }
    }

    var description: String { "SQLite error \(code): \(message) (\(sql.prefix(300)))" }
}
