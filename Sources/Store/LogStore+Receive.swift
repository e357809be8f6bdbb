import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// Receiving is the store's promise to its peers. The order here matters:
///
/// 1. nothing is written before the author is known, the audience allowed, the signature and the root verified;
/// 2. lines, edge, checkpoint, receipt and intake line are written in one transaction;
/// 3. the receipt leaves only after that transaction is durable.
extension LogStore {
    public func commit(_ frame: LinesFrame, scope: RegionCode, stating: Bool) throws -> Committed {
        guard frame.log.inScope(of: scope) else {
            throw FrameError(
                .outOfScope,
                "\(frame.log) is not exchanged with a node of region \(scope): its audience is "
                    + "\(frame.log.audience)")
        }
        guard let author = try author(of: frame.log) else {
            throw FrameError(
                .unknownAuthor,
                "no enrolment of \(frame.log.node)/\(frame.log.epoch) is known here; send the enrolling log first")
        }
        let checked = try CheckedFrame(frame, author: author)
        let outcome: Outcome = try database.write { db in
            do {
                var state = try LogState.fetch(db, frame.log)
                guard frame.from <= state.size else {
                    throw FrameError(
                        .gap, "lines of \(frame.log) start at \(frame.from), held here are \(state.size)")
                }
                if state.id == nil { try Self.refuseManyLanes(db, frame.log) }
                return .committed(
                    frame.end <= state.size
                        ? try self.alreadyHeld(db, checked, state, stating)
                        : try self.extend(db, &state, with: checked, stating))
            } catch is Mismatch {
                // Thrown before anything was written: what the transaction keeps is the other history.
                return .refused(try Self.keepBranch(db, checked))
            }
        }
        switch outcome {
        case .committed(let committed): return committed
        case .refused(let detail): throw FrameError(.rootMismatch, detail)
        }
    }

    private enum Outcome {
        case committed(Committed)
        case refused(String)
    }

    /// Who writes a log; nil when no enrolment known here says so.
    func author(of log: LogName) throws -> Enrolment? {
        try authors.author(of: log) { try enrolment(node: log.node, epoch: log.epoch)?.enrolment }
    }

    /// Rows are what every later session pays for: an author cannot open logs without end.
    private static func refuseManyLanes(_ db: Database, _ log: LogName) throws {
        let lanes = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM log WHERE audience = ? AND node = ? AND epoch = ?"),
            arguments: [log.audience.description, log.node.description, log.epoch.description])
        guard lanes ?? 0 < Limits.lanes else {
            throw FrameError(
                .outOfScope, "\(log.node) has \(Limits.lanes) logs for \(log.audience) already; no more are taken")
        }
    }

    private func extend(
        _ db: Database, _ state: inout LogState, with checked: CheckedFrame, _ stating: Bool
    ) throws -> Committed {
        let frame = checked.frame
        let skip = Int(state.size - frame.from)
        if skip > 0, let id = state.id, try !Self.holds(db, id, frame, count: skip) {
            throw Mismatch()
        }
        let before = state
        var edge = state.edge
        edge.append(contentsOf: checked.leaves[skip...])
        guard checked.fits(root: edge.root) else { throw Mismatch() }

        let change = try Self.nextChange(db)
        state.edge = edge
        state.note = frame.note
        state.noteSize = checked.checkpoint.size
        state.proof = checked.checkpoint.size == frame.end ? [] : frame.proof
        try state.save(db, change: change)
        guard let id = state.id else { throw StoreError.invalid("\(frame.log) was not stored") }
        let inserter = try LineInserter(db)
        try frame.content.withUnsafeBytes { content in
            for (offset, range) in frame.ranges[skip...].enumerated() {
                try inserter.insert(
                    id: LogState.lineID(id, before.size + Int64(offset)),
                    bytes: UnsafeRawBufferPointer(rebasing: content[range]))
            }
        }
        let receipt = stating ? try heldReceipt(db, state, change: change) : nil
        try applyControlLines(
            db, log: frame.log, author: checked.author, first: before.size,
            lines: frame.ranges[skip...].lazy.map { frame.content[$0] })
        if let last = frame.ranges.last { try takeUpClock(db, of: frame.content[last], log: frame.log) }
        try recordIntake(db, log: frame.log, run: before.size...(frame.end - 1), change: change)
        return Committed(log: frame.log, size: state.size, added: frame.count - skip, receipt: receipt)
    }

    /// Lines that are here already: harmless, answered with the receipt again, unless they differ.
    private func alreadyHeld(
        _ db: Database, _ checked: CheckedFrame, _ state: LogState, _ stating: Bool
    ) throws -> Committed {
        let frame = checked.frame
        guard let id = state.id else { throw FrameError(.gap, "\(frame.log) is not held here") }
        guard try Self.holds(db, id, frame, count: frame.count) else { throw Mismatch() }
        // The lines are the same, but what the author signed may still be about others before them.
        let root = try Self.root(db, id: id, size: frame.end, state)
        guard checked.fits(root: root) else { throw Mismatch() }
        let receipt = stating ? try heldReceipt(db, state, change: try Self.nextChange(db)) : nil
        return Committed(log: frame.log, size: state.size, added: 0, receipt: receipt)
    }

    /// Whether the first `count` lines of a frame are those held at their places.
    private static func holds(_ db: Database, _ id: Int64, _ frame: LinesFrame, count: Int) throws -> Bool {
        let cursor = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT bytes FROM line WHERE id BETWEEN ? AND ? ORDER BY id"),
            arguments: [LogState.lineID(id, frame.from), LogState.lineID(id, frame.from + Int64(count) - 1)])
        var index = 0
        while let row = try cursor.next() {
            let same = try row.withUnsafeData(atIndex: 0) { ($0 ?? Data()).elementsEqual(frame.line(at: index)) }
            guard same else { return false }
            index += 1
        }
        return index == count
    }

    static func root(_ db: Database, id: Int64, size: Int64, _ state: LogState) throws -> Hash {
        if size == state.size { return state.edge.root }
        let stored = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT root FROM checkpoint WHERE log = ? AND size = ?"), arguments: [id, size])
        return try stored.flatMap { Hash([UInt8]($0)) } ?? edge(db, id: id, size: size).root
    }

    /// The hash that a reference to a line carries.
    public static func leafHash(of bytes: [UInt8]) -> [UInt8] { leaf(bytes[...]).bytes }

    static func leaf(_ bytes: ArraySlice<UInt8>) -> Hash { bytes.withUnsafeBytes { Hash.leaf($0) } }

    static func raiseAlarm(_ db: Database, kind: String, log: String, detail: String) throws {
        try db.execute(
            sql: """
                INSERT INTO alarm (kind, log, detail, at) VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
                ON CONFLICT (kind, log) DO UPDATE SET detail = excluded.detail, at = excluded.at
                """,
            arguments: [kind, log, detail])
    }
}

/// The author's checkpoint is not about the lines that are here together with those that came.
private struct Mismatch: Error {}
