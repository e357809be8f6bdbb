import Event
import Foundation
import GRDB
import Sync

/// A line with where it stands here.
public struct StandingLine: Sendable {
    public let log: LogName
    public let sequence: Int64
    public let bytes: [UInt8]
}

/// What the store itself keeps of persons who change hands: who moved where, which copies of which nodes gave keys up,
/// and how far a hub has looked for lines to hand on.
extension LogStore {
    /// Whether any person ever moved, as far as is known here: nearly everywhere nobody did.
    public func knowsMoves() throws -> Bool {
        try database.read { db in try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM moved)") ?? false }
    }

    func noteHandover(
        _ db: Database, _ line: EventLine, at id: Int64, in log: LogName, author: Enrolment, change: Int64
    ) throws {
        switch line.type {
        case "person.moved": try noteMove(db, line)
        case ForwardedLine.type: try takeForwarded(db, line, at: id, in: log, author: author, change: change)
        case "dossier.given_up": try noteGivenUp(db, line, in: log)
        default: break
        }
    }

    func noteMove(_ db: Database, _ line: EventLine) throws {
        guard line.type == "person.moved", let village = line.data["to_village"]?.stringValue else { return }
        try db.execute(
            sql: "INSERT INTO moved (person, village, hlc) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            arguments: [line.subject, village, line.hybridTime.description])
    }

    /// A node gives up for itself alone: the copy that wrote the line. What counts is the clock of the move that it gives
    /// up after: who later brings the person back has seen that move, but perhaps not this line.
    private func noteGivenUp(_ db: Database, _ line: EventLine, in log: LogName) throws {
        guard let village = log.audience.region?.description,
            let move = line.data["move_hlc"]?.stringValue, HybridTimestamp(move) != nil
        else { return }
        for entry in line.data["keys"]?.arrayValue ?? [] {
            guard let holder = entry["holder"]?.stringValue, let through = entry["through"]?.intValue else { continue }
            try db.execute(
                sql: """
                    INSERT INTO givenUp (holder, node, epoch, through, person, village, hlc)
                    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    holder, log.node.description, log.epoch.description, through, line.subject, village,
                    move,
                ])
            let shares = try Row.fetchAll(
                db, sql: "SELECT key, recipient FROM keyShare WHERE key >= ? AND key < ? AND recipient = ?",
                arguments: [holder + "/", holder + "0", "\(log.node)/\(log.epoch)"])
            for share in shares where try Self.isGivenUp(db, key: share["key"], recipient: share["recipient"]) {
                try db.execute(
                    sql: "DELETE FROM keyShare WHERE key = ? AND recipient = ?",
                    arguments: [share["key"] as String, share["recipient"] as String])
            }
        }
        // Peers compare the shares they hold: a mark from before must not stand for the state after.
        _ = try Self.nextChange(db)
    }

    static func isGivenUp(_ db: Database, _ share: KeyShare) throws -> Bool {
        try isGivenUp(db, key: share.key, recipient: share.to)
    }

    /// Whether a copy gave a key up, and the person has not come back to its village since.
    private static func isGivenUp(_ db: Database, key: String, recipient: String) throws -> Bool {
        guard let name = KeyName(key) else { return false }
        return try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM givenUp g WHERE g.holder = ? AND g.through >= ?
                        AND g.node || '/' || g.epoch = ? AND NOT EXISTS (
                            SELECT 1 FROM moved m
                            WHERE m.person = g.person AND m.village = g.village AND m.hlc > g.hlc))
                    """),
            arguments: [name.holder, name.number, recipient]) ?? false
    }

    /// Of those keys the ones that a copy gave up.
    public func givenUp(_ keys: [String], by node: NodeName, _ epoch: Epoch) throws -> [String] {
        try database.read { db in
            guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM givenUp)") == true else { return [] }
            return try keys.filter { try Self.isGivenUp(db, key: $0, recipient: "\(node)/\(epoch)") }
        }
    }

    /// The greatest number of a holder's keys that a copy ever gave up; what it makes later lies beyond.
    public func givenUpThrough(_ holder: String, by node: NodeName, _ epoch: Epoch) throws -> Int64? {
        try database.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT max(through) FROM givenUp WHERE holder = ? AND node = ? AND epoch = ?",
                arguments: [holder, node.description, epoch.description])
        }
    }

    // MARK: - Looking for lines

    /// The cut up to which lines about a person were handed on to a village.
    public func handoverCut(_ person: String, to village: RegionCode) throws -> Int64 {
        try database.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT cut FROM handover WHERE person = ? AND village = ?",
                arguments: [person, village.description]) ?? -1
        }
    }

    public func setHandoverCut(_ cut: Int64, _ person: String, to village: RegionCode) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO handover (person, village, cut) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET cut = excluded.cut
                    """,
                arguments: [person, village.description, cut])
        }
    }

    /// Lines of logs written for exactly that village whose bytes contain one of the texts.
    public func lines(for village: RegionCode, containing needles: [String]) throws -> [StandingLine] {
        guard !needles.isEmpty else { return [] }
        return try database.read { db in
            var found: [StandingLine] = []
            let test = needles.map { _ in "instr(bytes, ?) > 0" }.joined(separator: " OR ")
            for log in try Row.fetchAll(
                db, sql: "SELECT id, coalesce(main, name) AS name FROM log WHERE audience = ? AND lane <> 'audit'",
                arguments: [village.description])
            {
                let (id, name): (Int64, String) = (log["id"], log["name"])
                let cursor = try Row.fetchCursor(
                    db, sql: "SELECT id, bytes FROM line WHERE id >= ? AND id < ? AND (\(test)) ORDER BY id",
                    arguments: [LogState.lineID(id, 0), LogState.lineID(id + 1, 0)]
                        + StatementArguments(needles.map { Data($0.utf8) }))
                while let row = try cursor.next() {
                    let lineID: Int64 = row["id"]
                    let bytes: Data = row["bytes"]
                    found.append(
                        StandingLine(
                            log: try LogName(name), sequence: lineID & (1 << LogState.sequenceBits - 1),
                            bytes: [UInt8](bytes)))
                }
            }
            return found
        }
    }
}
