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
        let outcome: Outcome = try database.write { db in
            do {
                let author = try Self.authorOf(db, frame.log)
                var state = try LogState.fetch(db, frame.log)
                guard frame.from <= state.size else {
                    throw FrameError(
                        .gap, "lines of \(frame.log) start at \(frame.from), held here are \(state.size)")
                }
                if state.id == nil { try Self.refuseManyLanes(db, frame.log) }
                let checkpoint = try Self.verifiedCheckpoint(frame, author: author)
                return .committed(
                    frame.end <= state.size
                        ? try self.alreadyHeld(db, frame, checkpoint, state, stating)
                        : try self.extend(db, &state, with: frame, checkpoint: checkpoint, stating))
            } catch let mismatch as Mismatch {
                // Thrown before anything was written: what the transaction keeps is the other history.
                return .refused(try Self.keepBranch(db, frame, mismatch.checkpoint))
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

    /// Whether lines that give `root` at the frame's end are what the checkpoint is about.
    static func fits(_ frame: LinesFrame, root: Hash, _ checkpoint: Checkpoint) -> Bool {
        checkpoint.size == frame.end
            ? root == checkpoint.root
            : MerkleProof.verifyConsistency(
                from: frame.end, root: root, to: checkpoint.size, root: checkpoint.root, proof: frame.proof)
    }

    private static func authorOf(_ db: Database, _ log: LogName) throws -> Enrolment {
        guard let known = try enrolment(db, node: log.node, epoch: log.epoch) else {
            throw FrameError(
                .unknownAuthor, "no enrolment of \(log.node)/\(log.epoch) is known here; send the enrolling log first")
        }
        let region = known.enrolment.region
        guard case .region(let audience) = log.audience, audience.isAtOrBelow(region) else {
            throw FrameError(
                .outOfScope, "\(log.node) is enrolled for \(region) and may not write for \(log.audience)")
        }
        return known.enrolment
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

    /// The frame's checkpoint, its origin and signature checked.
    private static func verifiedCheckpoint(_ frame: LinesFrame, author: Enrolment) throws -> Checkpoint {
        let note: SignedNote
        let checkpoint: Checkpoint
        do {
            note = try SignedNote(parsing: frame.note)
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            throw FrameError(.badCheckpoint, "the checkpoint of \(frame.log) cannot be read: \(error)")
        }
        guard checkpoint.origin == frame.log.origin else {
            throw FrameError(.badCheckpoint, "the checkpoint is of \(checkpoint.origin), the frame of \(frame.log)")
        }
        guard checkpoint.size >= frame.end else {
            throw FrameError(
                .badCheckpoint, "the checkpoint covers \(checkpoint.size) lines, the frame ends at \(frame.end)")
        }
        let verifier = try NoteVerifier(name: frame.log.origin, publicKey: [UInt8](author.sign))
        guard verifier.verify(note) else {
            throw FrameError(.badSignature, "the checkpoint of \(frame.log) is not signed by the key of its author")
        }
        return checkpoint
    }

    private func extend(
        _ db: Database, _ state: inout LogState, with frame: LinesFrame, checkpoint: Checkpoint, _ stating: Bool
    ) throws -> Committed {
        let skip = Int(state.size - frame.from)
        if skip > 0, let id = state.id, try !Self.holds(db, id, frame, count: skip) {
            throw Mismatch(checkpoint: checkpoint)
        }
        let before = state
        var edge = state.edge
        frame.content.withUnsafeBytes { content in
            for range in frame.ranges[skip...] {
                edge.append(leaf: Hash.leaf(UnsafeRawBufferPointer(rebasing: content[range])))
            }
        }
        guard Self.fits(frame, root: edge.root, checkpoint) else { throw Mismatch(checkpoint: checkpoint) }

        let change = try Self.nextChange(db)
        state.edge = edge
        state.note = frame.note
        state.noteSize = checkpoint.size
        state.proof = checkpoint.size == frame.end ? [] : frame.proof
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
            db, log: frame.log, first: before.size, lines: frame.ranges[skip...].lazy.map { frame.content[$0] })
        if let last = frame.ranges.last { try takeUpClock(db, of: frame.content[last], log: frame.log) }
        try recordIntake(db, log: frame.log, run: before.size...(frame.end - 1), change: change)
        return Committed(log: frame.log, size: state.size, added: frame.count - skip, receipt: receipt)
    }

    /// Lines that are here already: harmless, answered with the receipt again, unless they differ.
    private func alreadyHeld(
        _ db: Database, _ frame: LinesFrame, _ checkpoint: Checkpoint, _ state: LogState, _ stating: Bool
    ) throws -> Committed {
        guard let id = state.id else { throw FrameError(.gap, "\(frame.log) is not held here") }
        guard try Self.holds(db, id, frame, count: frame.count) else { throw Mismatch(checkpoint: checkpoint) }
        // The lines are the same, but what the author signed may still be about others before them.
        let root = try Self.root(db, id: id, size: frame.end, state)
        guard Self.fits(frame, root: root, checkpoint) else { throw Mismatch(checkpoint: checkpoint) }
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

    private static func root(_ db: Database, id: Int64, size: Int64, _ state: LogState) throws -> Hash {
        if size == state.size { return state.edge.root }
        let stored = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT root FROM checkpoint WHERE log = ? AND size = ?"), arguments: [id, size])
        return try stored.flatMap { Hash([UInt8]($0)) } ?? edge(db, id: id, size: size).root
    }

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
private struct Mismatch: Error {
    let checkpoint: Checkpoint
}
