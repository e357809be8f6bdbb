import Crypto
import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

extension LogStore {
    public func table(scope: RegionCode, changedSince: Int64?) throws -> [TableRow] {
        try database.read { db in try Self.table(db, scope: scope, changedSince: changedSince) }
    }

    public func digest(scope: RegionCode) throws -> (table: String, counter: Int64) {
        try database.read { db in
            let rows = try Self.table(db, scope: scope, changedSince: nil)
            let counter = try Int64.fetchOne(db, sql: "SELECT value FROM counter WHERE name = 'changes'") ?? 0
            return (TableDigest.of(rows), counter)
        }
    }

    public func row(_ log: LogName, atCounter counter: Int64) throws -> TableRow? {
        try database.read { db in
            guard let id = try Self.logID(db, log) else { return nil }
            let statement = try db.cachedStatement(
                sql: "SELECT size, root FROM checkpoint WHERE log = ? AND changed <= ? ORDER BY size DESC LIMIT 1")
            guard let row = try Row.fetchOne(statement, arguments: [id, counter]) else { return nil }
            return try Self.tableRow(log, size: row["size"], root: row["root"])
        }
    }

    public func storeID() throws -> String {
        try database.read { db in
            try String.fetchOne(db, sql: "SELECT text FROM counter WHERE name = 'store'") ?? ""
        }
    }

    /// Every log here, with its size; the intake log included.
    public func logs() throws -> [TableRow] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT name, size, root FROM log WHERE size > 0 ORDER BY name").map {
                try Self.tableRow(try LogName($0["name"]), size: $0["size"], root: $0["root"])
            }
        }
    }

    private static func table(_ db: Database, scope: RegionCode, changedSince: Int64?) throws -> [TableRow] {
        let cursor = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT name, size, root FROM log WHERE changed > ? AND size > 0 AND audience <> 'local'"),
            arguments: [changedSince ?? -1])
        var rows: [TableRow] = []
        while let row = try cursor.next() {
            let name = try LogName(row["name"])
            guard name.inScope(of: scope) else { continue }
            rows.append(try tableRow(name, size: row["size"], root: row["root"]))
        }
        return rows
    }

    private static func tableRow(_ log: LogName, size: Int64, root: Data) throws -> TableRow {
        guard let hash = Hash([UInt8](root)) else {
            throw StoreError.invalid("the stored root of \(log) is damaged; run `simpul log verify`")
        }
        return TableRow(log: log, size: size, root: hash)
    }
}
