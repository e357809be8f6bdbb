import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

extension LogStore {
    /// A frame of `log` starting at `from`, as large as `maxBytes` allows (always at least one line).
    ///
    /// The frame ends where a checkpoint fits: a node signs its own log at any size; for another's log the end is
    /// a size for which an authentic checkpoint, with a consistency proof when it is larger, can be given.
    ///
    /// - Parameter branch: which line of descent, by its name here; nil for the one met first.
    public func frame(
        _ log: LogName, branch: BranchName? = nil, from: Int64, maxBytes: Int
    ) throws -> LinesFrame? {
        try database.read { db in
            guard let descent = try Descent.one(db, log, branch), from < descent.size else { return nil }
            let state = descent.state
            let lines = try Self.lines(db, descent, from: from, maxBytes: maxBytes)
            guard !lines.isEmpty else { return nil }
            let end = from + Int64(lines.count)
            // A frame that starts before the fork is of lines that all histories have in common, as far as those go.
            let name = branch.flatMap { $0.fork <= from ? $0 : nil }
            if end == state.size {
                return LinesFrame(
                    log: log, from: from, lines: lines, note: state.note, proof: state.proof, branch: name)
            }
            if let stored = try Self.checkpoint(db, descent, after: from, through: end) {
                return LinesFrame(
                    log: log, from: from, lines: Array(lines.prefix(Int(stored.size - from))), note: stored.note,
                    branch: name)
            }
            if log.node == self.signer.node, log.epoch == self.signer.epoch, branch == nil {
                let edge = try descent.edge(db, size: end)
                let note = try self.signer.checkpoint(log, size: end, root: edge.root)
                return LinesFrame(log: log, from: from, lines: lines, note: note)
            }
            return try Self.relayedFrame(db, descent, from: from, lines: lines, branch: name)
        }
    }

    /// The largest stored checkpoint of a size in `after + 1 ... through`. Ending there costs no hashing.
    private static func checkpoint(
        _ db: Database, _ descent: Descent, after: Int64, through: Int64
    ) throws -> (size: Int64, note: String)? {
        let statement = try db.cachedStatement(
            sql: "SELECT size, note FROM checkpoint WHERE log = ? AND size > ? AND size <= ? ORDER BY size DESC LIMIT 1"
        )
        for part in descent.parts.reversed() {
            // Above the fork a base's checkpoints are of other lines.
            let (lowest, highest) = (max(after, part.range.lowerBound), min(through, part.range.upperBound))
            guard lowest < highest else { continue }
            if let row = try Row.fetchOne(statement, arguments: [part.id, lowest, highest]) {
                return (row["size"], row["note"])
            }
        }
        return nil
    }

    private static func lines(
        _ db: Database, _ descent: Descent, from: Int64, maxBytes: Int
    ) throws -> [[UInt8]] {
        let budget = min(maxBytes, Limits.frameBytes - 8_192)
        var lines: [[UInt8]] = []
        var bytes = 0
        try descent.forEachLine(db, in: from..<min(descent.size, from + Int64(Limits.frameLines))) { _, line in
            if !lines.isEmpty, bytes + line.count + 1 > budget { return false }
            bytes += line.count + 1
            lines.append(Array(line))
            return true
        }
        return lines
    }

    /// A relay cannot sign: it ends at a stored checkpoint, or proves the end consistent with a later one it holds.
    private static func relayedFrame(
        _ db: Database, _ descent: Descent, from: Int64, lines: [[UInt8]], branch: BranchName?
    ) throws -> LinesFrame? {
        let state = descent.state
        let end = from + Int64(lines.count)
        var later: (size: Int64, note: String)?
        for part in descent.parts where later == nil && part.range.upperBound > end {
            later = try Row.fetchOne(
                db,
                sql: "SELECT size, note FROM checkpoint WHERE log = ? AND size > ? AND size <= ? ORDER BY size LIMIT 1",
                arguments: [part.id, max(end, part.range.lowerBound), part.range.upperBound]
            ).map { ($0["size"], $0["note"]) }
        }
        guard let later else {
            // Held up to `state.size` under a larger checkpoint: only that very size can be proved.
            let rest = try Self.lines(db, descent, from: from, maxBytes: Limits.frameBytes)
            // Too long for one frame: it goes on once more of the log is here. Other logs do not wait for it.
            guard from + Int64(rest.count) == state.size else { return nil }
            return LinesFrame(
                log: state.name, from: from, lines: rest, note: state.note, proof: state.proof, branch: branch)
        }
        let leaves = try descent.leafHashes(db, size: later.size)
        let proof = MerkleProof.consistency(from: end, to: later.size) { leaves[Int($0)] } ?? []
        return LinesFrame(
            log: state.name, from: from, lines: lines, note: later.note, proof: proof, branch: branch)
    }

    static func leafHashes(_ db: Database, id: Int64, size: Int64) throws -> [Hash] {
        let cursor = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT bytes FROM line WHERE id >= ? AND id < ? ORDER BY id"),
            arguments: [LogState.lineID(id, 0), LogState.lineID(id, size)])
        var hashes: [Hash] = []
        hashes.reserveCapacity(Int(size))
        while let row = try cursor.next() {
            hashes.append(
                try row.withUnsafeData(atIndex: 0) { data in
                    (data ?? Data()).withUnsafeBytes { Hash.leaf($0) }
                })
        }
        // Fewer leaves make another tree: nothing is proved from them, and nothing signed over them.
        guard hashes.count == Int(size) else {
            throw StoreError.invalid("lines of a log are missing; run `simpul log verify`")
        }
        return hashes
    }

    static func edge(_ db: Database, id: Int64, size: Int64) throws -> TreeEdge {
        var edge = TreeEdge()
        for hash in try leafHashes(db, id: id, size: size) { edge.append(leaf: hash) }
        return edge
    }
}
