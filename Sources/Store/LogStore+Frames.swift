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
    public func frame(_ log: LogName, from: Int64, maxBytes: Int) throws -> LinesFrame? {
        try database.read { db in
            let state = try LogState.fetch(db, log)
            guard let id = state.id, from < state.size else { return nil }
            let lines = try Self.lines(db, id: id, from: from, size: state.size, maxBytes: maxBytes)
            guard !lines.isEmpty else { return nil }
            let end = from + Int64(lines.count)
            if end == state.size {
                return LinesFrame(log: log, from: from, lines: lines, note: state.note, proof: state.proof)
            }
            if let stored = try Self.checkpoint(db, id: id, after: from, through: end) {
                return LinesFrame(
                    log: log, from: from, lines: Array(lines.prefix(Int(stored.size - from))), note: stored.note)
            }
            if log.node == self.signer.node, log.epoch == self.signer.epoch {
                let edge = try Self.edge(db, id: id, size: end)
                let note = try self.signer.checkpoint(log, size: end, root: edge.root)
                return LinesFrame(log: log, from: from, lines: lines, note: note)
            }
            return try Self.relayedFrame(db, state: state, id: id, from: from, lines: lines)
        }
    }

    /// The largest stored checkpoint of a size in `after + 1 ... through`. Ending there costs no hashing.
    private static func checkpoint(
        _ db: Database, id: Int64, after: Int64, through: Int64
    ) throws -> (size: Int64, note: String)? {
        let statement = try db.cachedStatement(
            sql: "SELECT size, note FROM checkpoint WHERE log = ? AND size > ? AND size <= ? ORDER BY size DESC LIMIT 1"
        )
        return try Row.fetchOne(statement, arguments: [id, after, through]).map { ($0["size"], $0["note"]) }
    }

    private static func lines(
        _ db: Database, id: Int64, from: Int64, size: Int64, maxBytes: Int
    ) throws -> [[UInt8]] {
        let budget = min(maxBytes, Limits.frameBytes - 8_192)
        let last = min(size, from + Int64(Limits.frameLines)) - 1
        let cursor = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT bytes FROM line WHERE id BETWEEN ? AND ? ORDER BY id"),
            arguments: [LogState.lineID(id, from), LogState.lineID(id, last)])
        var lines: [[UInt8]] = []
        var bytes = 0
        while let row = try cursor.next() {
            let line = try row.withUnsafeData(atIndex: 0) { [UInt8]($0 ?? Data()) }
            if !lines.isEmpty, bytes + line.count + 1 > budget { break }
            bytes += line.count + 1
            lines.append(line)
        }
        return lines
    }

    /// A relay cannot sign: it ends at a stored checkpoint, or proves the end consistent with a later one it holds.
    private static func relayedFrame(
        _ db: Database, state: LogState, id: Int64, from: Int64, lines: [[UInt8]]
    ) throws -> LinesFrame? {
        let end = from + Int64(lines.count)
        let row = try Row.fetchOne(
            db,
            sql: "SELECT size, note FROM checkpoint WHERE log = ? AND size > ? AND size <= ? ORDER BY size LIMIT 1",
            arguments: [id, end, state.size])
        guard let row else {
            // Held up to `state.size` under a larger checkpoint: only that very size can be proved.
            let rest = try Self.lines(db, id: id, from: from, size: state.size, maxBytes: Limits.frameBytes)
            // Too long for one frame: it goes on once more of the log is here. Other logs do not wait for it.
            guard from + Int64(rest.count) == state.size else { return nil }
            return LinesFrame(log: state.name, from: from, lines: rest, note: state.note, proof: state.proof)
        }
        let size: Int64 = row["size"]
        let leaves = try leafHashes(db, id: id, size: size)
        let proof = MerkleProof.consistency(from: end, to: size) { leaves[Int($0)] } ?? []
        return LinesFrame(log: state.name, from: from, lines: lines, note: row["note"], proof: proof)
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
        return hashes
    }

    static func edge(_ db: Database, id: Int64, size: Int64) throws -> TreeEdge {
        var edge = TreeEdge()
        for hash in try leafHashes(db, id: id, size: size) { edge.append(leaf: hash) }
        return edge
    }
}
