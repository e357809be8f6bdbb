import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// Lines that came ahead of their logs (`protocol/04-session.md`, "Early lines").
///
/// What must stay true: they stand in a table of their own, so that no head, digest, frame, receipt or bundle is made
/// of them; nothing that they say is obeyed; the log's own line takes an early one's place as soon as it is here.
extension LogStore {
    public func earlyHeld() throws -> (have: [LogName: SequenceRanges], bytes: Int64) {
        try database.read { db in
            let cursor = try Row.fetchCursor(
                db.cachedStatement(sql: "SELECT log, sequence FROM early ORDER BY log, sequence"))
            var have: [LogName: SequenceRanges] = [:]
            while let row = try cursor.next() {
                have[try LogName(row["log"]), default: SequenceRanges()].append(row["sequence"])
            }
            return (have, try Self.number(db, Self.earlyTaken))
        }
    }

    public func save(_ early: [EarlyLine], scope: RegionCode, from server: NodeName) throws -> Int {
        guard !early.isEmpty else { return 0 }
        return try database.write { db in
            let erased = try String.fetchAll(
                db, sql: "SELECT DISTINCT holder FROM erasure WHERE through = ?", arguments: [ErasureOrder.allKeys]
            ).map { Data($0.utf8) }
            var taken: [(log: LogName, sequence: Int64)] = []
            for line in early {
                guard try isTakeable(db, line, scope: scope, erased: erased),
                    try Self.isNew(db, line, from: server),
                    let subject = try? EventLine(parsing: line.bytes).subject
                else { continue }
                try db.cachedStatement(
                    sql: "INSERT INTO early (log, sequence, subject, bytes, server) VALUES (?, ?, ?, ?, ?)"
                ).execute(arguments: [
                    line.reference.log.description, line.reference.sequence, subject, Data(line.bytes),
                    server.description,
                ])
                taken.append((line.reference.log, line.reference.sequence))
                try Self.add(db, Int64(line.bytes.count), to: Self.earlyTaken)
            }
            try recordIntake(db, early: taken)
            return taken.count
        }
    }

    public func endEarly() throws {
        guard try database.read({ try Self.number($0, Self.earlyTaken) }) > 0 else { return }
        try database.write { try $0.execute(sql: "DELETE FROM counter WHERE name = ?", arguments: [Self.earlyTaken]) }
    }

    /// Lines about a subject that wait for their logs.
    public func earlyLines(about subject: String) throws -> [[UInt8]] {
        try database.read { db in
            try Data.fetchAll(
                db.cachedStatement(sql: "SELECT bytes FROM early WHERE subject = ? ORDER BY log, sequence"),
                arguments: [subject]
            ).map { [UInt8]($0) }
        }
    }

    /// How often the log's own line was another than the early one: what was derived from that is to be made anew.
    public func replacedEarly() throws -> Int64 { try database.read { try Self.number($0, Self.earlyReplaced) } }

    /// Up to which of these the read models were made anew.
    public func rebuiltEarly() throws -> Int64 { try database.read { try Self.number($0, Self.earlyRebuilt) } }

    public func noteRebuilt(early count: Int64) throws {
        try database.write { db in try Self.set(db, count, Self.earlyRebuilt) }
    }

    // MARK: - Taking

    /// Whether a line may stand here ahead of its log. What is for this node alone to write, what steers nodes, and what
    /// is of an erased person may not.
    private func isTakeable(_ db: Database, _ line: EarlyLine, scope: RegionCode, erased: [Data]) throws -> Bool {
        let log = line.reference.log
        guard log.inScope(of: scope), log.lane != .intake, log.node != signer.node || log.epoch != signer.epoch,
            let event = try? EventLine(parsing: line.bytes)
        else { return false }
        guard !["node.", "office.", "privacy.erasure"].contains(where: event.type.hasPrefix) else { return false }
        let bytes = Data(line.bytes)
        return !erased.contains { bytes.range(of: $0) != nil }
    }

    /// Whether nothing stands at its place yet. Where another line does, the server showed two at one place.
    private static func isNew(_ db: Database, _ line: EarlyLine, from server: NodeName) throws -> Bool {
        let (log, sequence) = (line.reference.log, line.reference.sequence)
        let held = try logID(db, log).flatMap { id in
            try Data.fetchOne(
                db.cachedStatement(sql: "SELECT bytes FROM line WHERE id = ?"),
                arguments: [LogState.lineID(id, sequence)])
        }
        guard let present = try held ?? earlyBytes(db, log, sequence) else { return true }
        if !present.elementsEqual(line.bytes) { try alarm(db, log, sequence, server: server.description) }
        return false
    }

    private static func alarm(_ db: Database, _ log: LogName, _ sequence: Int64, server: String) throws {
        try raiseAlarm(
            db, kind: "early-differs", log: log.description,
            detail:
                "\(server) showed another line at \(log)#\(sequence) ahead of the log than the one that stands there. "
                + "The log's own line counts; ask who runs \(server) how that came about.")
    }

    // MARK: - When the log comes

    /// Lets go of early lines that the log has reached, in the transaction that stores its lines.
    ///
    /// - Parameter id: the row under which the lines stand.
    static func releaseEarly(_ db: Database, log: LogName, id: Int64, in range: Range<Int64>) throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT early.sequence AS sequence, early.server AS server, early.bytes = line.bytes AS same
                    FROM early JOIN line ON line.id = (? << \(LogState.sequenceBits)) | early.sequence
                    WHERE early.log = ? AND early.sequence >= ? AND early.sequence < ?
                    """),
            arguments: [id, log.description, range.lowerBound, range.upperBound])
        guard !rows.isEmpty else { return }
        for row in rows where row["same"] == false {
            try alarm(db, log, row["sequence"], server: row["server"])
            try add(db, 1, to: earlyReplaced)
        }
        try db.cachedStatement(sql: "DELETE FROM early WHERE log = ? AND sequence >= ? AND sequence < ?")
            .execute(arguments: [log.description, range.lowerBound, range.upperBound])
    }

    /// Of an erased holder nothing waits here. What the logs bring of it later stays unreadable.
    static func scrubEarly(_ db: Database, of order: ErasureOrder) throws {
        // Of a household or case only what is under its keys.
        let needle = order.through == ErasureOrder.allKeys ? order.holder : order.holder + "/"
        try db.execute(sql: "DELETE FROM early WHERE instr(bytes, ?) > 0", arguments: [Data(needle.utf8)])
    }

    // MARK: - Reading

    /// Adds early lines that follow on `lines`, up to `last`; ends at the first that is missing.
    static func appendEarly(
        _ db: Database, _ log: LogName, from first: Int64, through last: Int64, to lines: inout [[UInt8]]
    ) throws {
        var next = first
        let cursor = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT sequence, bytes FROM early WHERE log = ? AND sequence BETWEEN ? AND ? ORDER BY sequence"),
            arguments: [log.description, first, last])
        while let row = try cursor.next(), row["sequence"] == next {
            lines.append([UInt8](row["bytes"] as Data))
            next += 1
        }
    }

    static func earlyBytes(_ db: Database, _ log: LogName, _ sequence: Int64) throws -> Data? {
        try Data.fetchOne(
            db.cachedStatement(sql: "SELECT bytes FROM early WHERE log = ? AND sequence = ?"),
            arguments: [log.description, sequence])
    }

    // MARK: - Counters

    private static let earlyTaken = "earlyTaken"
    private static let earlyReplaced = "earlyReplaced"
    private static let earlyRebuilt = "earlyRebuilt"

    private static func number(_ db: Database, _ name: String) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT value FROM counter WHERE name = ?"), arguments: [name]) ?? 0
    }

    private static func add(_ db: Database, _ value: Int64, to name: String) throws {
        try set(db, try number(db, name) + value, name)
    }

    private static func set(_ db: Database, _ value: Int64, _ name: String) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO counter (name, value, text) VALUES (?, ?, NULL)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """
        ).execute(arguments: [name, value])
    }
}
