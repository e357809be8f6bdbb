import Event
import Foundation
import GRDB

/// What a node remembers of a peer between sessions. Nothing here is needed for safety: it only saves requests.
public struct PeerMemory: Sendable {
    public let node: NodeName
    /// The peer's mark at the last agreement; empty when there was none.
    public var mark = ""
    /// This store's change counter at the last agreement.
    public var agreed: Int64 = 0
    /// Challenge to answer in the next request.
    public var challenge = ""
    /// The last request got no whole answer: ask before sending again.
    public var unanswered = false
    /// How much the line bears, as the syncing side writes it down; empty when not known.
    public var pace = ""
    /// Last time the peer answered, by this node's clock (RFC 3339).
    public var lastContact: String?
    /// Last time both held the same.
    public var lastAgreement: String?
    public var lastFailure: String?
    public var failureReason: String?
    /// What kind of failure it was, as the syncing side names it.
    public var failureCode: String?
    /// Day for which a contact of this child was last noted.
    public var contactDay: String?

    public init(node: NodeName) { self.node = node }
}

extension LogStore {
    public func peer(_ node: NodeName) throws -> PeerMemory {
        try database.read { db in
            guard
                let row = try Row.fetchOne(db, sql: "SELECT * FROM peer WHERE node = ?", arguments: [node.description])
            else { return PeerMemory(node: node) }
            return try Self.peer(db, node, row)
        }
    }

    public func peers() throws -> [PeerMemory] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM peer ORDER BY node").map {
                try Self.peer(db, try NodeName($0["node"]), $0)
            }
        }
    }

    private static func peer(_ db: Database, _ node: NodeName, _ row: Row) throws -> PeerMemory {
        var peer = PeerMemory(node: node)
        peer.mark = row["mark"]
        peer.agreed = row["agreed"]
        peer.challenge = row["challenge"]
        peer.unanswered = row["unanswered"]
        peer.pace = row["pace"]
        peer.lastContact = row["lastContact"]
        peer.lastAgreement = row["lastAgreement"]
        peer.lastFailure = row["lastFailure"]
        peer.failureReason = row["failureReason"]
        peer.failureCode = try counter(db, failureCounter(node))
        peer.contactDay = row["contactDay"]
        return peer
    }

    /// Beside the table, which is as old as the format.
    private static func failureCounter(_ node: NodeName) -> String { "failure:\(node)" }

    public func save(_ peer: PeerMemory) throws {
        try database.write { db in
            if let code = peer.failureCode {
                try Self.setCounter(db, Self.failureCounter(peer.node), code)
            } else {
                try db.execute(
                    sql: "DELETE FROM counter WHERE name = ?", arguments: [Self.failureCounter(peer.node)])
            }
            try db.execute(
                sql: """
                    INSERT INTO peer (node, mark, agreed, challenge, unanswered, pace, lastContact, lastAgreement,
                        lastFailure, failureReason, contactDay)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET mark = excluded.mark, agreed = excluded.agreed,
                        challenge = excluded.challenge, unanswered = excluded.unanswered,
                        pace = excluded.pace, lastContact = excluded.lastContact,
                        lastAgreement = excluded.lastAgreement, lastFailure = excluded.lastFailure,
                        failureReason = excluded.failureReason, contactDay = excluded.contactDay
                    """,
                arguments: [
                    peer.node.description, peer.mark, peer.agreed, peer.challenge, peer.unanswered, peer.pace,
                    peer.lastContact, peer.lastAgreement, peer.lastFailure, peer.failureReason, peer.contactDay,
                ])
        }
    }

    /// Remembers that a peer refused lines of a log, so that their author sees why they are held up.
    public func noteRefusal(log: LogName, peer: NodeName, code: String, detail: String, size: Int64) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO refusal (log, peer, code, detail, size, at)
                    VALUES (?, ?, ?, ?, ?, moment())
                    ON CONFLICT DO UPDATE SET code = excluded.code, detail = excluded.detail, size = excluded.size,
                        at = excluded.at
                    """,
                arguments: [log.description, peer.description, code, detail, size])
        }
    }

    public func clearRefusal(log: LogName, peer: NodeName) throws {
        try database.write { db in
            try db.execute(
                sql: "DELETE FROM refusal WHERE log = ? AND peer = ?", arguments: [log.description, peer.description])
        }
    }

    /// Refusals that still stand, by log: the peer, its code and its sentence.
    public func refusals() throws -> [(log: LogName, peer: NodeName, code: String, detail: String, at: String)] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM refusal ORDER BY log").map {
                (try LogName($0["log"]), try NodeName($0["peer"]), $0["code"], $0["detail"], $0["at"])
            }
        }
    }

    /// Things an operator should look at: kind, log, what happened, when.
    public func alarms() throws -> [(kind: String, log: String, detail: String, at: String)] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM alarm ORDER BY id").map {
                ($0["kind"], $0["log"], $0["detail"], $0["at"])
            }
        }
    }
}
