import Foundation
import GRDB
import Sync

/// Keys of persons, in a file of their own: outside the logs, so that destroying one makes what it encrypted
/// unreadable for ever.
///
/// What must stay true: a key that an order of erasure covers is not in `personKey`, and is never put there again.
public final class PersonKeyStore: Sendable {
    /// One key as held here.
    public struct Held: Sendable {
        /// `<person uuid>/<number>`.
        public let key: String
        /// The village that serves the person.
        public let region: String
        /// 32 bytes of AES-256.
        public let secret: Data
        /// When this node made or got it, RFC 3339; empty when an older program wrote it.
        public let since: String
    }

    /// A key without its secret.
    public struct Named: Sendable, Hashable {
        /// `<person uuid>/<number>`.
        public let key: String
        /// The village that serves the person.
        public let region: String
        /// When this node made or got it, RFC 3339; empty when an older program wrote it.
        public let since: String
    }

    /// An order of erasure as this store obeyed it.
    public struct Obeyed: Sendable {
        public let order: ErasureOrder
        /// Keys of its holder that were destroyed here because of it.
        public let destroyed: Int
        /// Whether this node has said so in its log.
        public let isConfirmed: Bool
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
            try db.inTransaction(.immediate) {
                try Self.migrate(db)
                return .commit
            }
        }
    }

    private static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS personKey (
                    key TEXT PRIMARY KEY, region TEXT NOT NULL, secret BLOB NOT NULL, since TEXT NOT NULL DEFAULT ''
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS erased (
                    holder TEXT NOT NULL, through INTEGER NOT NULL, reference TEXT NOT NULL, region TEXT NOT NULL,
                    at TEXT NOT NULL, destroyed INTEGER NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0,
                    PRIMARY KEY (holder, reference)
                ) STRICT, WITHOUT ROWID;
                """)
        if try !db.columns(in: "personKey").contains(where: { $0.name == "since" }) {
            try db.execute(sql: "ALTER TABLE personKey ADD COLUMN since TEXT NOT NULL DEFAULT ''")
        }
    }

    public func close() throws { try queue.close() }

    public func secret(_ key: String) throws -> Data? {
        try queue.read { db in
            try Data.fetchOne(
                db.cachedStatement(sql: "SELECT secret FROM personKey WHERE key = ?"), arguments: [key])
        }.map { try keeper.open($0, name: key) }
    }

    /// Whether a key is here; costs no opening, and works while locked.
    public func holds(_ key: String) throws -> Bool {
        try queue.read { db in
            try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM personKey WHERE key = ?)"), arguments: [key])
        } ?? false
    }

    /// What is held, without the secrets: works while locked.
    public func names() throws -> [Named] {
        try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT key, region, since FROM personKey ORDER BY key").map(Self.named)
        }
    }

    /// A holder's keys by number, oldest first, without the secrets.
    public func names(of holder: String) throws -> [Named] { try queue.read { db in try Self.names(db, holder) } }

    /// The newest key of a person or other holder, by number.
    public func newest(of holder: String) throws -> Held? { try queue.read { db in try newest(db, holder) } }

    /// A holder's keys by number, oldest first.
    public func keys(of holder: String) throws -> [Held] {
        try queue.read { db in try Self.names(db, holder).compactMap { try held(db, $0) } }
    }

    public func all() throws -> [Held] {
        try queue.read { db in try Row.fetchAll(db, sql: "SELECT * FROM personKey ORDER BY key").map(held) }
    }

    /// As `all`, without those that do not open: one damaged key must not keep the others from anybody.
    public func readable() throws -> [Held] {
        try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM personKey ORDER BY key").compactMap { try? held($0) }
        }
    }

    /// Keeps a key, unless one of that name is here: two threads or processes may both have made it.
    ///
    /// - Returns: the secret that is stored, which is the only one to encrypt with; nil when the key was erased.
    @discardableResult
    public func save(key: String, region: String, secret: Data, since: String = "") throws -> Data? {
        try queue.writeWithoutTransaction { db in
            var stored: Data?
            try db.inTransaction(.immediate) {
                stored = try save(db, key: key, region: region, secret: secret, since: since)
                return .commit
            }
            return stored
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

    /// From now on another village serves the holder.
    public func setRegion(_ region: String, of holder: String) throws {
        try queue.write { db in
            for name in try Self.names(db, holder) where name.region != region {
                try db.execute(
                    sql: "UPDATE personKey SET region = ? WHERE key = ?", arguments: [region, name.key])
            }
        }
    }

    /// Destroys keys that this node gives up; nothing of them stays in the file.
    public func drop(_ names: [String]) throws {
        try queue.writeWithoutTransaction { db in
            try leavingNothing(db) {
                for name in names { try db.execute(sql: "DELETE FROM personKey WHERE key = ?", arguments: [name]) }
            }
        }
    }

    /// Brings every key under the keeper's newest master key, and takes the former bytes off the disk.
    ///
    /// Sealing happens inside the transactions that write: whoever wrote before this one is brought over, whoever writes
    /// after it sees the new master key.
    public func reseal() throws {
        try queue.writeWithoutTransaction { db in
            try leavingNothing(db) {
                for row in try Row.fetchAll(db, sql: "SELECT key, secret FROM personKey") {
                    let (key, stored): (String, Data) = (row["key"], row["secret"])
                    let sealed = try keeper.seal(try keeper.open(stored, name: key), name: key)
                    try db.execute(sql: "UPDATE personKey SET secret = ? WHERE key = ?", arguments: [sealed, key])
                }
            }
        }
    }

    /// Runs one transaction, and takes what it replaced or deleted off the disk: free space of pages, and the journal
    /// that saved them.
    private func leavingNothing(_ db: Database, _ change: () throws -> Void) throws {
        // Kept after the commit, so that the pages it saved can be overwritten.
        try db.execute(sql: "PRAGMA journal_mode = PERSIST; PRAGMA temp_store = MEMORY")
        try db.inTransaction(.immediate) {
            try change()
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

    /// The key to write with: the newest, or one made now and kept before anyone can use it.
    ///
    /// - Parameter make: given the newest there is, a new key's name and secret; nil to keep the newest.
    /// - Returns: nil when the holder was erased.
    public func newest(
        of holder: String, region: String, since: String, make: (Held?) -> (name: KeyName, secret: Data)?
    ) throws -> Held? {
        try queue.writeWithoutTransaction { db in
            var found: Held?
            try db.inTransaction(.immediate) {
                found = try newest(db, holder)
                if let made = make(found) {
                    let stored = try save(
                        db, key: made.name.description, region: region, secret: made.secret, since: since)
                    found = stored.map {
                        Held(key: made.name.description, region: region, secret: $0, since: since)
                    }
                }
                return .commit
            }
            return found
        }
    }

    /// The highest number that orders have destroyed for a holder; nil when none has.
    public func erasedThrough(_ holder: String) throws -> Int64? {
        try queue.read { db in try Self.erasedThrough(db, holder) }
    }

    /// Destroys the keys that orders cover, and remembers the orders for ever.
    public func obey(_ orders: [ErasureOrder]) throws {
        guard !orders.isEmpty else { return }
        try queue.writeWithoutTransaction { db in
            try leavingNothing(db) { for order in orders { try Self.obey(db, order) } }
        }
    }

    public func obeyed() throws -> [Obeyed] {
        try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM erased ORDER BY at, reference, holder").map { row in
                Obeyed(
                    order: ErasureOrder(
                        holder: row["holder"], through: row["through"], reference: row["reference"],
                        region: row["region"], at: row["at"]),
                    destroyed: row["destroyed"], isConfirmed: row["confirmed"])
            }
        }
    }

    /// Notes that this node has said that it obeyed. False when all of it had been said before.
    @discardableResult
    public func noteConfirmed(_ references: Set<String>) throws -> Bool {
        try queue.write { db in
            try references.reduce(false) { isNew, reference in
                try db.execute(
                    sql: "UPDATE erased SET confirmed = 1 WHERE reference = ? AND confirmed = 0", arguments: [reference]
                )
                return isNew || db.changesCount > 0
            }
        }
    }

    /// Notes that orders were obeyed once more, which is to be said.
    public func noteUnconfirmed(_ references: Set<String>) throws {
        try queue.write { db in
            for reference in references {
                try db.execute(sql: "UPDATE erased SET confirmed = 0 WHERE reference = ?", arguments: [reference])
            }
        }
    }

    // MARK: - Inside a transaction

    private func save(_ db: Database, key: String, region: String, secret: Data, since: String) throws -> Data? {
        if let name = KeyName(key), let through = try Self.erasedThrough(db, name.holder), name.number <= through {
            return nil
        }
        try db.execute(
            sql: """
                INSERT INTO personKey (key, region, secret, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
            arguments: [key, region, try keeper.seal(secret, name: key), since])
        return try Data.fetchOne(db, sql: "SELECT secret FROM personKey WHERE key = ?", arguments: [key])
            .map { try keeper.open($0, name: key) }
    }

    private static func obey(_ db: Database, _ order: ErasureOrder) throws {
        let covered = try names(db, order.holder).filter { KeyName($0.key).map(order.covers) ?? false }
        for name in covered {
            try db.execute(sql: "DELETE FROM personKey WHERE key = ?", arguments: [name.key])
        }
        // Obeyed once more, after an old copy came back: that is said anew.
        try db.execute(
            sql: """
                INSERT INTO erased (holder, through, reference, region, at, destroyed) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET destroyed = destroyed + excluded.destroyed,
                    confirmed = confirmed AND excluded.destroyed = 0
                """,
            arguments: [order.holder, order.through, order.reference, order.region, order.at, covered.count])
    }

    private static func erasedThrough(_ db: Database, _ holder: String) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT max(through) FROM erased WHERE holder = ?"), arguments: [holder])
    }

    private func newest(_ db: Database, _ holder: String) throws -> Held? {
        try Self.names(db, holder).last.flatMap { try held(db, $0) }
    }

    private static func names(_ db: Database, _ holder: String) throws -> [Named] {
        try Row.fetchAll(
            db, sql: "SELECT key, region, since FROM personKey WHERE key >= ? AND key < ?",
            arguments: [holder + "/", holder + "0"]
        ).map(named).sorted { number($0.key) < number($1.key) }
    }

    private static func named(_ row: Row) -> Named {
        Named(key: row["key"], region: row["region"], since: row["since"])
    }

    private func held(_ db: Database, _ name: Named) throws -> Held? {
        try Data.fetchOne(
            db.cachedStatement(sql: "SELECT secret FROM personKey WHERE key = ?"), arguments: [name.key]
        ).map {
            Held(
                key: name.key, region: name.region, secret: try keeper.open($0, name: name.key), since: name.since)
        }
    }

    private func held(_ row: Row) throws -> Held {
        let key: String = row["key"]
        return Held(
            key: key, region: row["region"], secret: try keeper.open(row["secret"], name: key), since: row["since"])
    }

    private static func number(_ key: String) -> Int64 { KeyName(key)?.number ?? 0 }
}
