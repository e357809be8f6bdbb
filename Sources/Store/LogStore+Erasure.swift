import Event
import Foundation
import GRDB
import Sync

/// Erasure orders are obeyed in the transaction that stores them: from then on no share of the keys exists here, and
/// none is taken again. Destroying the keys themselves is the keyring's part, on every opening.
extension LogStore {
    /// What the orders held here say, oldest first.
    public func erasureOrders() throws -> [ErasureOrder] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM erasure ORDER BY at, reference, holder").map(Self.order)
        }
    }

    /// The order that forbids a key; nil when it may be used.
    public func erasure(of name: KeyName) throws -> ErasureOrder? {
        try database.read { db in try Self.erasure(db, name) }
    }

    /// Takes orders known from elsewhere: the store of keys remembers them when an older copy of the logs came back.
    public func obey(_ orders: [ErasureOrder]) throws {
        guard !orders.isEmpty else { return }
        try database.write { db in for order in orders { try Self.obey(db, order) } }
    }

    /// Leaves nothing of deleted rows in the write-ahead log.
    ///
    /// - Returns: false while another process reads an older state.
    public func scrub() throws -> Bool { try database.truncateWriteAheadLog() }

    static func obey(_ db: Database, _ order: ErasureOrder) throws {
        try db.execute(
            sql: """
                INSERT INTO erasure (holder, through, reference, region, at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
            arguments: [order.holder, order.through, order.reference, order.region, order.at])
        try db.execute(
            sql: """
                DELETE FROM keyShare WHERE key >= ? AND key < ? AND CAST(substr(key, ?) AS INTEGER) <= ?
                """,
            arguments: [order.holder + "/", order.holder + "0", order.holder.utf8.count + 2, order.through])
        let isChanged = db.changesCount > 0
        try scrubEarly(db, of: order)
        // Peers compare the shares they hold: a mark from before must not stand for the state after.
        if isChanged { _ = try nextChange(db) }
    }

    static func isErased(_ db: Database, _ key: String) throws -> Bool {
        guard let name = KeyName(key) else { return false }
        return try erasure(db, name) != nil
    }

    private static func erasure(_ db: Database, _ name: KeyName) throws -> ErasureOrder? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM erasure WHERE holder = ? AND through >= ? ORDER BY at LIMIT 1"),
            arguments: [name.holder, name.number]
        ).map(order)
    }

    private static func order(_ row: Row) -> ErasureOrder {
        ErasureOrder(
            holder: row["holder"], through: row["through"], reference: row["reference"], region: row["region"],
            at: row["at"])
    }
}
