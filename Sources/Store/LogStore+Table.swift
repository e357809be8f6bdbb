import Crypto
import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

extension LogStore {
    public func table(scope: RegionCode, changedSince: Int64?) throws -> [Head] {
        try database.read { db in try Self.table(db, scope: scope, changedSince: changedSince) }
    }

    public func digest(scope: RegionCode) throws -> (table: String, counter: Int64) {
        try database.read { db in
            let heads = try Self.table(db, scope: scope, changedSince: nil)
            let counter = try Int64.fetchOne(db, sql: "SELECT value FROM counter WHERE name = 'changes'") ?? 0
            return (TableDigest.of(heads.lazy.map(\.row)), counter)
        }
    }

    public func rows(_ log: LogName, atCounter counter: Int64) throws -> [TableRow] {
        try database.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT id, size, root, changed FROM log WHERE name = ?1 OR main = ?1 ORDER BY id"),
                arguments: [log.description]
            ).compactMap { try Self.row(db, log, $0, atCounter: counter) }
        }
    }

    /// As `rows`, of the line of descent met first alone.
    public func row(_ log: LogName, atCounter counter: Int64) throws -> TableRow? {
        try database.read { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT id, size, root, changed FROM log WHERE name = ?"),
                arguments: [log.description]
            ).flatMap { try Self.row(db, log, $0, atCounter: counter) }
        }
    }

    private static func row(
        _ db: Database, _ log: LogName, _ current: Row, atCounter counter: Int64
    ) throws -> TableRow? {
        if current["changed"] <= counter, current["size"] > 0 {
            return try tableRow(log, size: current["size"], root: current["root"])
        }
        let id: Int64 = current["id"]
        let statement = try db.cachedStatement(
            sql: "SELECT size, root FROM checkpoint WHERE log = ? AND changed <= ? ORDER BY size DESC LIMIT 1")
        return try Row.fetchOne(statement, arguments: [id, counter]).map {
            try tableRow(log, size: $0["size"], root: $0["root"])
        }
    }

    /// The head that a log had here when it was `size` lines long; nil when it never was.
    public func row(_ log: LogName, atSize size: Int64) throws -> TableRow? {
        guard size > 0 else { return nil }
        return try database.read { db in
            let state = try LogState.fetch(db, log)
            guard let id = state.id, size <= state.size else { return nil }
            return TableRow(log: log, size: size, root: try Self.root(db, id: id, size: size, state))
        }
    }

    public func storeID() throws -> String {
        try database.read { db in
            try String.fetchOne(db, sql: "SELECT text FROM counter WHERE name = 'store'") ?? ""
        }
    }

    /// Every log here, with the size of the line of descent met first; the intake log included.
    public func logs() throws -> [TableRow] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT name, size, root FROM log WHERE size > 0 AND main IS NULL ORDER BY name")
                .map {
                    try Self.tableRow(try LogName($0["name"]), size: $0["size"], root: $0["root"])
                }
        }
    }

    /// Of a log that changed all heads are given: what a peer holds of it is told by the list of them.
    private static func table(_ db: Database, scope: RegionCode, changedSince: Int64?) throws -> [Head] {
        let (condition, arguments) = Self.audiences(inScopeOf: scope)
        let all = try heads(db, "\(condition) AND changed > ? AND size > 0", arguments + [changedSince ?? -1])
        guard changedSince != nil,
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM log WHERE main IS NOT NULL)") == true
        else { return all }
        let listed = Set(all)
        let logs = Set(all.map(\.log))
        return try all
            + logs.flatMap { log in
                try Descent.all(db, log).map { Head(row: $0.state.row, branch: $0.state.branch) }
            }.filter { !listed.contains($0) }
    }

    private static func heads(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> [Head] {
        let cursor = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(headColumns) FROM log WHERE \(condition)"), arguments: arguments)
        var heads: [Head] = []
        while let row = try cursor.next() { heads.append(try head(row)) }
        return heads
    }

    static let headColumns = "coalesce(main, name) AS log, size, root, fork, leaf"

    static func head(_ row: Row) throws -> Head {
        let leaf: Data? = row["leaf"]
        return Head(
            row: try tableRow(try LogName(row["log"]), size: row["size"], root: row["root"]),
            branch: leaf.flatMap { Hash([UInt8]($0)) }.map { BranchName(fork: row["fork"], leaf: $0) })
    }

    /// The condition on `log.audience` of scope(region): at it, above it, or below it. One range and a few points
    /// of an index, so that a session with one hub does not read the logs of the others.
    ///
    /// - Parameter column: `audience` of a log, or `region` of a key share.
    static func audiences(
        inScopeOf region: RegionCode, column: String = "audience"
    ) -> (sql: String, arguments: StatementArguments) {
        guard region != .nation else { return ("\(column) <> 'local'", []) }
        var above: [String] = []
        var next: RegionCode? = region
        while let code = next {
            above.append(code.description)
            next = code.parent
        }
        let marks = above.map { _ in "?" }.joined(separator: ", ")
        // Codes below start with this one and a dot; "/" is the character after the dot.
        return (
            "(\(column) IN (\(marks)) OR \(column) > ? AND \(column) < ?)",
            StatementArguments(above + ["\(region).", "\(region)/"])
        )
    }

    private static func tableRow(_ log: LogName, size: Int64, root: Data) throws -> TableRow {
        guard let hash = Hash([UInt8](root)) else {
            throw StoreError.invalid("the stored root of \(log) is damaged; run `simpul log verify`")
        }
        return TableRow(log: log, size: size, root: hash)
    }
}
