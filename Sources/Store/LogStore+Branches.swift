import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// Frames of logs with more than one history (`protocol/02-log.md`, "Branches").
///
/// Every history that its author signed is kept, relayed and counted. Which was met first means nothing to others, so
/// a frame is not believed about where it belongs: the root that the author signed decides.
extension LogStore {
    /// Takes a frame that does not simply continue the line of descent met first.
    ///
    /// - Throws: `FrameError` where nothing was written.
    func commitBranch(_ db: Database, _ checked: CheckedFrame, _ stating: Bool) throws -> Committed {
        let frame = checked.frame
        let all = try Descent.all(db, frame.log)
        let candidates = try Self.candidates(db, all, checked)
        guard candidates.contains(where: { frame.from <= $0.size }) else {
            throw FrameError(
                .gap,
                "lines of \(frame.log) start at \(frame.from), held here are \(candidates.map(\.size).max() ?? 0)")
        }
        // The one that has most of the frame's lines first: the lines are stored once.
        let matches = try candidates.filter { frame.from <= $0.size }
            .map { (descent: $0, count: try Self.equalLines(db, $0, frame)) }
            .enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
        for (descent, count) in matches {
            if let committed = try take(db, checked, on: descent, equal: count, all: all, stating) { return committed }
        }
        throw FrameError(.rootMismatch, Self.mismatch(checked, matches.first?.count ?? 0))
    }

    /// The lines of descent that a frame can belong to.
    private static func candidates(_ db: Database, _ all: [Descent], _ checked: CheckedFrame) throws -> [Descent] {
        guard let branch = checked.frame.branch else { return all }
        guard branch.fork <= checked.frame.from else {
            throw FrameError(
                .malformed, "the branch leaves at \(branch.fork), after the frame's first line \(checked.frame.from)")
        }
        let named = try all.filter { descent in
            try descent.line(db, branch.fork).map { Hash.leaf($0) } == branch.leaf
        }
        guard named.isEmpty else { return named }
        guard checked.frame.from == branch.fork else {
            throw FrameError(
                .gap,
                "the branch of \(checked.frame.log) at \(branch.fork) is not held here; its lines start there, not at "
                    + "\(checked.frame.from)")
        }
        guard checked.leaves.first == branch.leaf else {
            throw FrameError(.malformed, "the branch is named by another line than its first")
        }
        return all
    }

    /// How many of a frame's lines stand at their places already.
    private static func equalLines(_ db: Database, _ descent: Descent, _ frame: LinesFrame) throws -> Int {
        var count = 0
        try descent.forEachLine(db, in: frame.from..<frame.end) { _, bytes in
            guard bytes.elementsEqual(frame.line(at: count)) else { return false }
            count += 1
            return count < frame.count
        }
        return count
    }

    /// - Returns: nil when the lines together with these do not give the root that the author signed.
    private func take(
        _ db: Database, _ checked: CheckedFrame, on descent: Descent, equal count: Int, all: [Descent],
        _ stating: Bool
    ) throws -> Committed? {
        let frame = checked.frame
        let start = frame.from + Int64(count)
        if count == frame.count {
            let root = try descent.root(db, size: frame.end)
            guard checked.fits(root: root) else { return nil }
            let receipt = stating ? try heldReceipt(db, descent.state, change: try Self.nextChange(db)) : nil
            return Committed(
                log: frame.log, size: descent.size, added: 0, receipt: receipt,
                reached: TableRow(log: frame.log, size: frame.end, root: root))
        }
        var state = descent.state
        var edge = try descent.edge(db, size: start)
        edge.append(contentsOf: checked.leaves[count...])
        guard checked.fits(root: edge.root) else { return nil }
        if start < descent.size {
            state = try Self.openBranch(
                db, of: descent, at: BranchName(fork: start, leaf: checked.leaves[count]), all: all)
        }
        return try extend(db, &state, with: checked, edge: edge, from: start, stating)
    }

    /// A row for another history; nothing is written yet.
    private static func openBranch(
        _ db: Database, of descent: Descent, at branch: BranchName, all: [Descent]
    ) throws -> LogState {
        let log = descent.state.name
        guard all.count < Limits.branches else {
            throw FrameError(
                .outOfScope, "\(log) has \(all.count) histories already; no more are taken. Tell an operator.")
        }
        guard !all.contains(where: { $0.state.branch == branch }) else {
            throw FrameError(.rootMismatch, "two histories of \(log) part at \(branch.fork) with one and the same line")
        }
        if Mistake.branchDropped.isPlanted {
            throw FrameError(.rootMismatch, "two histories of \(log) part at \(branch.fork)")
        }
        // The row under which the line before the fork stands. What forks from the first line has no lines in common.
        let base = descent.parts.last { $0.range.lowerBound < branch.fork } ?? descent.parts[0]
        let machines = try machines(db, node: log.node, epoch: log.epoch)
        try raiseAlarm(
            db, kind: "fork", log: log.description,
            detail: "\(log) has two histories, which part at line \(branch.fork). Both are kept, passed on and "
                + "counted. Find out whether a disk of \(log.node) was copied, or restored from a backup."
                + (machines.isEmpty ? "" : " It synced from: \(machines.joined(separator: ", "))."))
        return LogState(
            id: nil, name: log, edge: TreeEdge(), note: "", noteSize: 0, proof: [], branch: branch, base: base.id)
    }

    private static func mismatch(_ checked: CheckedFrame, _ equal: Int) -> String {
        let frame = checked.frame
        guard equal < frame.count, equal > 0 else {
            return "the lines of \(frame.log) from \(frame.from) do not give the root that its author signed for "
                + "\(checked.checkpoint.size) lines"
        }
        return "the lines of \(frame.log) differ from those held here at \(frame.from + Int64(equal)), and are not "
            + "what its author signed"
    }
}

extension LogStore {
    /// Every line of descent of a log here, the one met first before the others.
    public func heads(_ log: LogName) throws -> [Head] {
        try database.read { db in
            try Descent.all(db, log).map { Head(row: $0.state.row, branch: $0.state.branch) }
        }
    }

    /// Every line of descent of every log here, with its size; the intake log included.
    public func heads() throws -> [Head] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(Self.headColumns) FROM log WHERE size > 0
                    ORDER BY coalesce(main, name), main IS NOT NULL, fork, leaf
                    """
            ).map(Self.head)
        }
    }

    /// Own lines of a branch, in order: those from its fork on.
    public func branchLines(_ log: LogName) throws -> [(fork: Int64, sequence: Int64, bytes: [UInt8])] {
        try database.read { db in
            var lines: [(fork: Int64, sequence: Int64, bytes: [UInt8])] = []
            for descent in try Descent.all(db, log) {
                guard let branch = descent.state.branch else { continue }
                try descent.forEachLine(db, in: branch.fork..<descent.size) { sequence, bytes in
                    lines.append((branch.fork, sequence, Array(bytes)))
                    return true
                }
            }
            return lines
        }
    }

    public func known(_ rows: [TableRow]) throws -> [TableRow] {
        try database.read { db in
            try rows.filter { row in try Descent.all(db, row.log).contains { try $0.holds(db, row) } }
        }
    }

    public func shared(_ head: Head, with rows: [TableRow]) throws -> Int64? {
        guard !rows.isEmpty else { return 0 }
        if rows.contains(head.row) { return head.size }
        return try database.read { db in
            let all = try Descent.all(db, head.log)
            guard let mine = all.first(where: { $0.state.branch == head.branch }) else { return nil }
            var most: Int64?
            for row in rows {
                for other in all where try other.holds(db, row) {
                    most = max(most ?? 0, min(row.size, mine.shared(with: other)))
                }
            }
            return most
        }
    }

    public func ladder(_ head: Head) throws -> [TableRow] {
        try database.read { db in
            guard let descent = try Descent.one(db, head.log, head.branch) else { return [] }
            var wanted: Set<Int64> = [descent.size]
            var step: Int64 = 1
            while descent.size - step > 0 {
                wanted.insert(descent.size - step)
                step *= 2
            }
            var rows: [TableRow] = []
            var edge = TreeEdge()
            try descent.forEachLine(db, in: 0..<descent.size) { _, bytes in
                edge.append(leaf: Hash.leaf(bytes))
                if wanted.contains(edge.size) {
                    rows.append(TableRow(log: head.log, size: edge.size, root: edge.root))
                }
                return true
            }
            return rows.reversed()
        }
    }

    /// The exact line of a reference, whichever history it stands in; nil when it is not here.
    public func line(_ reference: LineReference) throws -> [UInt8]? {
        try database.read { db in
            for descent in try Descent.all(db, reference.log) {
                guard let line = try descent.line(db, reference.sequence) else { continue }
                if Hash.leaf(line).bytes == reference.leafHash { return line }
            }
            let early = try Self.earlyBytes(db, reference.log, reference.sequence).map { [UInt8]($0) }
            if let early, Hash.leaf(early).bytes == reference.leafHash { return early }
            return try Self.forwarded(db, reference)
        }
    }

    /// Lines of one history, in order.
    public func lines(
        _ log: LogName, branch: BranchName?, from first: Int64, through last: Int64
    ) throws -> [[UInt8]] {
        guard let branch else { return try lines(log, from: first, through: last) }
        guard first <= last else { return [] }
        return try database.read { db in
            var lines: [[UInt8]] = []
            try Descent.one(db, log, branch)?.forEachLine(db, in: first..<last + 1) { _, bytes in
                lines.append(Array(bytes))
                return true
            }
            return lines.isEmpty ? try Self.forwarded(db, log, branch: branch, from: first, through: last) : lines
        }
    }
}
