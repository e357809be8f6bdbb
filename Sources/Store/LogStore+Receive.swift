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
        #if DEBUG
            if Mistake.receiptBeforeCommit.isPlanted, stating, let early = try receiptBeforeCommit(checked) {
                return early
            }
        #endif
        return try database.write { db in
            var state = try LogState.fetch(db, frame.log)
            if frame.branch == nil {
                guard frame.from <= state.size || state.id != nil else {
                    throw FrameError(.gap, "lines of \(frame.log) start at \(frame.from), held here are none")
                }
                if state.id == nil { try Self.refuseManyLanes(db, frame.log) }
                // Nearly every frame: it continues what is here, or is held already. Nothing is written before that
                // is known.
                if frame.from <= state.size,
                    let committed = frame.end <= state.size
                        ? try self.alreadyHeld(db, checked, state, stating)
                        : try self.extend(db, &state, with: checked, stating)
                {
                    return committed
                }
            }
            return try self.commitBranch(db, checked, stating)
        }
    }

    /// Who writes a log; nil when no enrolment known here says so.
    func author(of log: LogName) throws -> Enrolment? {
        try authors.author(of: log) { try enrolment(node: log.node, epoch: log.epoch)?.enrolment }
    }

    /// Rows are what every later session pays for: an author cannot open logs without end.
    private static func refuseManyLanes(_ db: Database, _ log: LogName) throws {
        let lanes = try Int.fetchOne(
            db.cachedStatement(
                sql: "SELECT count(*) FROM log WHERE audience = ? AND node = ? AND epoch = ? AND main IS NULL"),
            arguments: [log.audience.description, log.node.description, log.epoch.description])
        guard lanes ?? 0 < Limits.lanes else {
            throw FrameError(
                .outOfScope, "\(log.node) has \(Limits.lanes) logs for \(log.audience) already; no more are taken")
        }
    }

    /// - Returns: nil where the frame's lines do not continue those held here to what the author signed.
    private func extend(
        _ db: Database, _ state: inout LogState, with checked: CheckedFrame, _ stating: Bool
    ) throws -> Committed? {
        let frame = checked.frame
        let skip = Int(state.size - frame.from)
        if skip > 0, let id = state.id, try !Self.holds(db, id, frame, count: skip) { return nil }
        var edge = state.edge
        edge.append(contentsOf: checked.leaves[skip...])
        guard checked.fits(root: edge.root) else {
            // Damage, unless there is another history that it continues.
            guard state.id == nil else { return nil }
            throw FrameError(
                .rootMismatch,
                "the lines of \(frame.log) from \(frame.from) do not give the root that its author signed for "
                    + "\(checked.checkpoint.size) lines")
        }
        return try extend(db, &state, with: checked, edge: edge, from: state.size, stating)
    }

    /// Writes a frame's lines from sequence `start` on behind those of `state`, with all that belongs to them.
    ///
    /// - Parameter edge: of the tree after the frame, verified.
    func extend(
        _ db: Database, _ state: inout LogState, with checked: CheckedFrame, edge: TreeEdge, from start: Int64,
        _ stating: Bool
    ) throws -> Committed {
        let frame = checked.frame
        let skip = Int(start - frame.from)
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
                    id: LogState.lineID(id, start + Int64(offset)),
                    bytes: UnsafeRawBufferPointer(rebasing: content[range]))
            }
        }
        if state.branch == nil { try Self.releaseEarly(db, log: frame.log, id: id, in: start..<frame.end) }
        let receipt = stating ? try heldReceipt(db, state, change: change) : nil
        try applyControlLines(
            db, log: frame.log, id: id, author: checked.author, first: start,
            lines: frame.ranges[skip...].lazy.map { frame.content[$0] }, change: change)
        if frame.log.node == signer.node, frame.log.epoch == signer.epoch {
            try leaveEpoch(
                db,
                "lines came back under this copy's own key which it did not write, from \(frame.log)#\(start) on: its disk "
                    + "was restored from a backup, or copied. It opens an epoch of its own with the next sync.")
        }
        if let last = frame.ranges.last { try takeUpClock(db, of: frame.content[last], log: frame.log) }
        try recordIntake(db, log: frame.log, branch: state.branch, run: start...(frame.end - 1), change: change)
        return Committed(
            log: frame.log, size: state.size, added: frame.count - skip, receipt: receipt, reached: state.row)
    }

    /// Lines that are here already: harmless, answered with the receipt again. Nil where they differ.
    private func alreadyHeld(
        _ db: Database, _ checked: CheckedFrame, _ state: LogState, _ stating: Bool
    ) throws -> Committed? {
        let frame = checked.frame
        guard let id = state.id, try Self.holds(db, id, frame, count: frame.count) else { return nil }
        // The lines are the same, but what the author signed may still be about others before them.
        let root = try Self.root(db, id: id, size: frame.end, state)
        guard checked.fits(root: root) else { return nil }
        let receipt = stating ? try heldReceipt(db, state, change: try Self.nextChange(db)) : nil
        return Committed(
            log: frame.log, size: state.size, added: 0, receipt: receipt,
            reached: TableRow(log: frame.log, size: frame.end, root: root))
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
                INSERT INTO alarm (kind, log, detail, at) VALUES (?, ?, ?, moment())
                ON CONFLICT (kind, log) DO UPDATE SET detail = excluded.detail, at = excluded.at
                """,
            arguments: [kind, log, detail])
    }
}
