import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// A run of lines in the order in which this node accepted it.
public struct IntakeEntry: Sendable {
    /// Size of the intake log once this run is in: the cut that first covers it.
    public let cut: Int64
    public let log: LogName
    /// The history of the log that the lines are of; nil for the one met first.
    public let branch: BranchName?
    public let first: Int64
    public let last: Int64
    /// It came ahead of its log, which names it once more.
    public let isEarly: Bool
}

extension LogStore {
    /// Notes in this node's own intake log that `run` of `log` was accepted, in the caller's transaction.
    ///
    /// Intake is a log like others: signed, gapless, never rewritten. What a figure was at a cut can be
    /// recomputed as long as it exists.
    func recordIntake(
        _ db: Database, log: LogName, branch: BranchName? = nil, run: ClosedRange<Int64>, change: Int64
    ) throws {
        try refuseAfterEpoch(db)
        var state = try LogState.fetch(db, intakeLog)
        if state.id == nil { try state.save(db, change: change) }
        let inserter = try LineInserter(db)
        let line = intakeLine(sequence: state.size, log: log, branch: branch, run: run)
        try Self.insert(line, at: state.size, into: &state, inserter)
        try sign(&state)
        try state.save(db, change: change)
    }

    /// Notes lines that came ahead of their logs, each by itself: one may be taken out again.
    func recordIntake(_ db: Database, early lines: [(log: LogName, sequence: Int64)]) throws {
        guard !lines.isEmpty else { return }
        try refuseAfterEpoch(db)
        let change = try Self.nextChange(db)
        var state = try LogState.fetch(db, intakeLog)
        if state.id == nil { try state.save(db, change: change) }
        let inserter = try LineInserter(db)
        for (log, sequence) in lines {
            let line = intakeLine(
                sequence: state.size, log: log, branch: nil, run: sequence...sequence, isEarly: true)
            try Self.insert(line, at: state.size, into: &state, inserter)
        }
        try sign(&state)
        try state.save(db, change: change)
    }

    func intakeLine(
        sequence: Int64, log: LogName, branch: BranchName?, run: ClosedRange<Int64>, isEarly: Bool = false
    ) -> [UInt8] {
        let history =
            (branch.map { #","branch":{"fork":\#($0.fork),"leaf":"\#($0.leaf.hex)"}"# } ?? "")
            + (isEarly ? #","early":true"# : "")
        let text =
            #"{"specversion":"1.0","type":"intake.accepted","source":"\#(intakeLog)","id":"\#(sequence)","#
            + #""data":{"log":"\#(log)","first":\#(run.lowerBound),"last":\#(run.upperBound)\#(history)}}"#
        return Array(text.utf8)
    }

    /// Size of the intake log: the newest cut.
    public func intakeSize() throws -> Int64 {
        try database.read { db in
            try Int64.fetchOne(db, sql: "SELECT size FROM log WHERE name = ?", arguments: [intakeLog.description]) ?? 0
        }
    }

    /// Runs accepted after `cut`, oldest first.
    public func intake(after cut: Int64, limit: Int) throws -> [IntakeEntry] {
        try database.read { db in
            guard
                let id = try Int64.fetchOne(
                    db, sql: "SELECT id FROM log WHERE name = ?", arguments: [intakeLog.description])
            else { return [] }
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, bytes FROM line WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                arguments: [LogState.lineID(id, cut), LogState.lineID(id + 1, 0), limit])
            return try rows.map { row in
                let lineID: Int64 = row["id"]
                let bytes: Data = row["bytes"]
                return try Self.intakeEntry(
                    cut: (lineID & (1 << LogState.sequenceBits - 1)) + 1, bytes: [UInt8](bytes))
            }
        }
    }

    static func intakeEntry(cut: Int64, bytes: [UInt8]) throws -> IntakeEntry {
        let json = try JSON.parse(bytes)
        guard let data = json["data"], let name = data["log"]?.stringValue, let first = data["first"]?.intValue,
            let last = data["last"]?.intValue
        else { throw StoreError.invalid("line \(cut - 1) of the intake log cannot be read; run `simpul log verify`") }
        var branch: BranchName?
        if let fork = data["branch"]?["fork"]?.intValue,
            let leaf = data["branch"]?["leaf"]?.stringValue.flatMap({ Hash(hex: $0) })
        {
            branch = BranchName(fork: fork, leaf: leaf)
        }
        return IntakeEntry(
            cut: cut, log: try LogName(name), branch: branch, first: first, last: last,
            isEarly: data["early"]?.boolValue ?? false)
    }

    /// The lines of a run, in order. Where the log has not come so far, those that came ahead of it; it ends where there
    /// is neither.
    public func lines(_ log: LogName, from first: Int64, through last: Int64) throws -> [[UInt8]] {
        try database.read { db in
            var lines: [[UInt8]] = []
            if let id = try Self.logID(db, log) {
                let cursor = try Row.fetchCursor(
                    db.cachedStatement(sql: "SELECT bytes FROM line WHERE id BETWEEN ? AND ? ORDER BY id"),
                    arguments: [LogState.lineID(id, first), LogState.lineID(id, last)])
                while let row = try cursor.next() {
                    lines.append(try row.withUnsafeData(atIndex: 0) { [UInt8]($0 ?? Data()) })
                }
            }
            let next = first + Int64(lines.count)
            if next <= last { try Self.appendEarly(db, log, from: next, through: last, to: &lines) }
            return lines.isEmpty ? try Self.forwarded(db, log, branch: nil, from: first, through: last) : lines
        }
    }

    /// One line, or nil when it is not here.
    public func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? {
        try lines(log, from: sequence, through: sequence).first
    }

    static func logID(_ db: Database, _ log: LogName) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM log WHERE name = ?"), arguments: [log.description])
    }
}
