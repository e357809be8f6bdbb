import Foundation
import GRDB

/// Keys of persons, in a file of their own: outside the logs, so that destroying one makes what it encrypted
/// unreadable for ever.
public final class PersonKeyStore: Sendable {
    /// One key as held here.
    public struct Held: Sendable {
        /// `<person uuid>/<number>`.
        public let key: String
        /// The village that serves the person.
        public let region: String
        /// 32 bytes of AES-256.
        public let secret: Data
    }

    private let queue: DatabaseQueue
    private let path: String
    private let keeper: any SecretKeeper

    /// Whether keys can be neither read nor made now. What needs no secret goes on.
    public var isLocked: Bool { keeper.isLocked }

    /// - Parameter keeper: how secrets stand in the file.
    public init(path: String, keeper: any SecretKeeper = PlainKeeper()) throws {
        self.path = path
        self.keeper = keeper
        var configuration = Configuration()
        configuration.label = "persons"
        configuration.busyMode = .timeout(30)
        _ = LogDatabase.makePrivate(path)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            // A rollback journal with FULL: few writes, and no write-ahead file that keeps a destroyed key. What
            // is deleted is overwritten.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
            try db.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS personKey (
                        key TEXT PRIMARY KEY, region TEXT NOT NULL, secret BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID
                    """)
        }
    }

    public func secret(_ key: String) throws -> Data? {
        try queue.read { db in
            try Data.fetchOne(
                db.cachedStatement(sql: "SELECT secret FROM personKey WHERE key = ?"), arguments: [key])
        }.map { try keeper.open($0, name: key) }
    }

    /// The newest key of a person or other holder, by number.
    public func newest(of person: String) throws -> Held? {
        try queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM personKey WHERE key >= ? AND key < ?", arguments: [person + "/", person + "0"]
            ).max { Self.number($0["key"]) < Self.number($1["key"]) }.map(held)
        }
    }

    public func all() throws -> [Held] {
        try queue.read { db in try Row.fetchAll(db, sql: "SELECT * FROM personKey ORDER BY key").map(held) }
    }

    public func save(key: String, region: String, secret: Data) throws {
        try queue.write { db in
            try db.execute(
                sql: "INSERT INTO personKey (key, region, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [key, region, try keeper.seal(secret, name: key)])
        }
    }

    /// A mark of what is held, other whenever any connection has changed it. Costs no read of the keys.
    public func mark() throws -> Mark {
        // `data_version` tells of other connections' commits, `total_changes` of this one's (sqlite.org/pragma.html).
        try queue.inDatabase { db in
            Mark(
                others: try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? 0,
                own: db.totalChangesCount)
        }
    }

    public struct Mark: Sendable, Hashable {
        let others: Int64
        let own: Int
    }

    /// Brings every key under the keeper's newest master key, and takes the former bytes off the disk.
    ///
    /// Sealing happens inside the transactions that write: whoever wrote before this one is brought over, whoever writes
    /// after it sees the new master key.
    public func reseal() throws {
        try queue.writeWithoutTransaction { db in
            // Kept after the commit, so that the pages it saved can be overwritten.
            try db.execute(sql: "PRAGMA journal_mode = PERSIST; PRAGMA temp_store = MEMORY")
            try db.inTransaction(.immediate) {
                for row in try Row.fetchAll(db, sql: "SELECT key, secret FROM personKey") {
                    let (key, stored): (String, Data) = (row["key"], row["secret"])
                    let sealed = try keeper.seal(try keeper.open(stored, name: key), name: key)
                    try db.execute(sql: "UPDATE personKey SET secret = ? WHERE key = ?", arguments: [sealed, key])
                }
                return .commit
            }
            // Moving cells between pages can leave copies in their free space.
            try db.execute(sql: "VACUUM")
            // Nobody else writes meanwhile, and this transaction itself has not touched the journal.
            try db.inTransaction(.immediate) {
                try Blank.file(path + "-journal")
                return .commit
            }
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
    }

    public func close() throws { try queue.close() }

    private func held(_ row: Row) throws -> Held {
        let key: String = row["key"]
        return Held(key: key, region: row["region"], secret: try keeper.open(row["secret"], name: key))
    }

    private static func number(_ key: String) -> Int { key.split(separator: "/").last.flatMap { Int($0) } ?? 0 }
}
