import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// Lines that were handed on to this node, or through it, beside the logs that it holds.
///
/// Whoever asks for a line by its place gets one that was handed on as if its log were here. It is in the intake log
/// once, so it counts once: where its log is here or comes later, the two are the same line.
extension LogStore {
    /// For whom a line was handed on.
    public func forwardedAudiences(_ log: LogName, _ sequence: Int64) throws -> [RegionCode] {
        try database.read { db in
            try String.fetchAll(
                db.cachedStatement(sql: "SELECT DISTINCT audience FROM forwarded WHERE log = ? AND sequence = ?"),
                arguments: [log.description, sequence]
            ).map { try RegionCode($0) }
        }
    }

    /// Lines handed on to a village, as `LOG#SEQUENCE~LEAFHASH`.
    public func forwarded(to village: RegionCode) throws -> Set<String> {
        try database.read { db in
            try Set(
                Row.fetchAll(
                    db, sql: "SELECT log, sequence, leaf FROM forwarded WHERE audience = ?",
                    arguments: [village.description]
                ).map { row in
                    let leaf: Data = row["leaf"]
                    return try LineReference(
                        log: try LogName(row["log"]), sequence: row["sequence"], leafHash: [UInt8](leaf)
                    ).description
                })
        }
    }

    /// Takes a line out of the one that carries it, in the transaction that stores that one.
    func takeForwarded(
        _ db: Database, _ line: EventLine, at carrier: Int64, in log: LogName, author: Enrolment, change: Int64
    ) throws {
        guard author.role != .village, let audience = log.audience.region else { return }
        guard let forwarded = ForwardedLine(data: line.data),
            let origin = forwarded.log.audience.region, origin.isAtOrBelow(author.region)
        else { return }
        let leaf = forwarded.leaf
        let isKnown = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM forwarded WHERE log = ? AND sequence = ? AND leaf = ? AND island)",
            arguments: [forwarded.log.description, forwarded.sequence, Data(leaf.bytes)])
        let isHeld = try Descent.all(db, forwarded.log).contains { descent in
            try descent.line(db, forwarded.sequence).map { Hash.leaf($0) } == leaf
        }
        let isIsland = !isHeld && isKnown != true
        if isIsland, try !forwarded.isProved(db) {
            try Self.raiseAlarm(
                db, kind: "unproved-line", log: log.description,
                detail: "\(log.node) hands on line \(forwarded.sequence) of \(forwarded.log) without a proof that its "
                    + "author wrote it. It is not used; ask the operator of \(log.node).")
            return
        }
        let isTaken = try isPlaceTaken(db, forwarded)
        try db.execute(
            sql: """
                INSERT INTO forwarded (log, sequence, leaf, audience, carrier, island, branch)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
            arguments: [
                forwarded.log.description, forwarded.sequence, Data(leaf.bytes), audience.description, carrier,
                isIsland, isTaken,
            ])
        guard isIsland else { return }
        try Self.notePrivacy(db, forwarded.event, at: carrier)
        if let writer = try Self.enrolment(db, node: forwarded.log.node, epoch: forwarded.log.epoch)?.enrolment {
            let reference = try LineReference(
                log: forwarded.log, sequence: forwarded.sequence, leafHash: leaf.bytes)
            for order in ErasureOrder.all(in: forwarded.event, reference: reference, by: writer) {
                try Self.obey(db, order)
            }
        }
        try noteMove(db, forwarded.event)
        try recordIntake(
            db, log: forwarded.log, branch: isTaken ? BranchName(fork: forwarded.sequence, leaf: leaf) : nil,
            run: forwarded.sequence...forwarded.sequence, change: change)
    }

    /// Whether another line, of another history of the log, is here for the same place.
    private func isPlaceTaken(_ db: Database, _ line: ForwardedLine) throws -> Bool {
        if let state = try? LogState.fetch(db, line.log), state.size > line.sequence { return true }
        return try Bool.fetchOne(
            db,
            sql: "SELECT EXISTS (SELECT 1 FROM forwarded WHERE log = ? AND sequence = ? AND leaf <> ? AND branch = 0)",
            arguments: [line.log.description, line.sequence, Data(line.leaf.bytes)]) == true
    }

    // MARK: - Reading

    /// A line that was handed on, by its place: one, as each stands alone.
    static func forwarded(
        _ db: Database, _ log: LogName, branch: BranchName?, from first: Int64, through last: Int64
    ) throws -> [[UInt8]] {
        guard first == last else { return [] }
        let found =
            try branch.map { branch in
                try Int64.fetchOne(
                    db.cachedStatement(
                        sql: "SELECT carrier FROM forwarded WHERE log = ? AND sequence = ? AND leaf = ? LIMIT 1"),
                    arguments: [log.description, first, Data(branch.leaf.bytes)])
            }
            ?? Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT carrier FROM forwarded WHERE log = ? AND sequence = ? AND branch = 0 LIMIT 1"),
                arguments: [log.description, first])
        return try line(carriedBy: found, db).map { [$0] } ?? []
    }

    static func forwarded(_ db: Database, _ reference: LineReference) throws -> [UInt8]? {
        let found = try Int64.fetchOne(
            db, sql: "SELECT carrier FROM forwarded WHERE log = ? AND sequence = ? AND leaf = ? LIMIT 1",
            arguments: [reference.log.description, reference.sequence, Data(reference.leafHash)])
        return try line(carriedBy: found, db)
    }

    private static func line(carriedBy id: Int64?, _ db: Database) throws -> [UInt8]? {
        guard let id else { return nil }
        return try Data.fetchOne(
            db.cachedStatement(sql: "SELECT bytes FROM line WHERE id = ?"), arguments: [id]
        ).flatMap { ForwardedLine(carrier: [UInt8]($0))?.bytes }
    }
}
