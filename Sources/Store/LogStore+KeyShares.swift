import Event
import Foundation
import GRDB
import Sync

extension LogStore {
    public func keyShares(scope: RegionCode, parent: RegionCode, changedSince: Int64?) throws -> [KeyShare] {
        let (condition, arguments) = Self.audiences(inScopeOf: scope, column: "region")
        return try keyShares(
            where: "\(condition) AND changed > ?", arguments + [changedSince ?? -1]
        ).filter { parent.isAtOrBelow($0.top) }
    }

    /// Shares that this node can open.
    public func keyShares(recipient: NodeName, epoch: Epoch) throws -> [KeyShare] {
        try keyShares(where: "recipient = ?", ["\(recipient)/\(epoch)"])
    }

    /// Shares of a holder's keys, by number and recipient.
    public func keyShares(holder: String) throws -> [KeyShare] {
        try keyShares(where: "key >= ? AND key < ?", [holder + "/", holder + "0"])
    }

    public func keyShares() throws -> [KeyShare] { try keyShares(where: "1", []) }

    /// Which shares exist, as `KEY NODE/EPOCH REGION`, without reading them.
    public func keyShareNames() throws -> Set<String> {
        try database.read { db in
            try Set(String.fetchCursor(db, sql: "SELECT key || ' ' || recipient || ' ' || region FROM keyShare"))
        }
    }

    private func keyShares(where condition: String, _ arguments: StatementArguments) throws -> [KeyShare] {
        try database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM keyShare WHERE \(condition) ORDER BY key, recipient, region",
                arguments: arguments
            ).map { row in
                let box: Data = row["box"]
                guard let to = KeyShare.place(row["recipient"]) else {
                    throw StoreError.invalid(
                        "a stored share is for \(row["recipient"] as String), which is no NODE/EPOCH")
                }
                return KeyShare(
                    key: row["key"], recipient: to.node, epoch: to.epoch, region: try RegionCode(row["region"]),
                    top: try RegionCode(row["top"]), box: [UInt8](box), author: try NodeName(row["author"]))
            }
        }
    }

    /// Takes shares. Two wrappings of one key for one node differ in bytes but not in meaning: the smaller one is
    /// kept everywhere, so that all tables agree whatever came first. A share of a key that was erased is not taken,
    /// whoever sends it: the sender learns why from the order.
    ///
    /// - Returns: how many said something new.
    @discardableResult
    public func save(_ shares: [KeyShare]) throws -> Int {
        guard !shares.isEmpty else { return 0 }
        return try database.write { db in
            var new = 0
            let change = try Self.nextChange(db)
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO keyShare (key, recipient, region, top, box, author, changed)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET box = excluded.box, author = excluded.author, changed = excluded.changed
                    WHERE excluded.box < box AND excluded.top = top
                    """)
            for share in shares where try !Self.isErased(db, share.key) && !Self.isGivenUp(db, share) {
                try statement.execute(arguments: [
                    share.key, share.to, share.region.description, share.top.description,
                    Data(share.box), share.author.description, change,
                ])
                new += db.changesCount
            }
            return new
        }
    }
}
