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

    public init(path: String) throws {
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
        }
    }

    /// The newest key of a person or other holder, by number.
    public func newest(of person: String) throws -> Held? {
        try queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM personKey WHERE key >= ? AND key < ?", arguments: [person + "/", person + "0"]
            ).map(Self.held).max { Self.number($0.key) < Self.number($1.key) }
        }
    }

    public func all() throws -> [Held] {
        try queue.read { db in try Row.fetchAll(db, sql: "SELECT * FROM personKey ORDER BY key").map(Self.held) }
    }

    public func save(key: String, region: String, secret: Data) throws {
        try queue.write { db in
            try db.execute(
                sql: "INSERT INTO personKey (key, region, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [key, region, secret])
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

    private static func held(_ row: Row) -> Held { Held(key: row["key"], region: row["region"], secret: row["secret"]) }

    private static func number(_ key: String) -> Int { key.split(separator: "/").last.flatMap { Int($0) } ?? 0 }
}
