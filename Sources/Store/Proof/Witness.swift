import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// What a node has been shown of one log, for comparing with what others have been shown (`protocol/10-proofs.md`).
public struct WitnessedLog: Sendable {
    /// That one state of the log is the beginning of another. Its path says so by itself.
    public struct Growth: Sendable {
        public let from: LogHead
        public let to: LogHead
        public let path: [Hash]
    }

    public let log: LogName
    /// Signed notes: the author's checkpoints and holders' cosignatures.
    public let heads: [String]
    public let proofs: [Growth]

    public var json: JSON {
        .object([
            JSONMember("log", .string(log.description)), JSONMember("heads", .array(heads.map { .string($0) })),
            JSONMember(
                "proofs",
                .array(
                    proofs.map {
                        .object([
                            JSONMember("from", $0.from.json), JSONMember("to", $0.to.json),
                            JSONMember("path", .hashes($0.path)),
                        ])
                    })),
        ])
    }
}

extension LogStore {
    /// The heads of every log here that may leave the node, and how they belong together.
    ///
    /// - Parameter sizes: of each log, sizes that another was shown; a proof leads from each to the head here, so that
    ///   the two can be compared.
    public func witness(provingFrom sizes: [LogName: Set<Int64>] = [:]) throws -> [WitnessedLog] {
        try database.read { db in
            let names = try String.fetchAll(
                db, sql: "SELECT name FROM log WHERE audience <> 'local' AND size > 0 AND main IS NULL ORDER BY name")
            return try names.map { try Self.witnessed(db, try LogName($0), provingFrom: sizes) }
        }
    }

    private static func witnessed(
        _ db: Database, _ log: LogName, provingFrom sizes: [LogName: Set<Int64>]
    ) throws -> WitnessedLog {
        let state = try LogState.fetch(db, log)
        let held = try receipts(db, sql: "WHERE log.name = ?", arguments: [log.description]).filter { $0.kind == .held }
        let branches = try String.fetchAll(
            db, sql: "SELECT note FROM log WHERE main = ? ORDER BY fork, leaf", arguments: [log.description])
        var heads = [state.note]
        for note in branches + held.map(\.note) where !heads.contains(note) { heads.append(note) }

        let here = LogHead(size: state.size, root: state.edge.root)
        var proofs: [WitnessedLog.Growth] = []
        let wanted = sizes[log, default: []].union(held.map(\.size)).filter { $0 >= 1 && $0 < state.size }.sorted()
        if !wanted.isEmpty, let id = state.id {
            let leaves = try leafHashes(db, id: id, size: state.size)
            proofs = wanted.compactMap { size in
                MerkleProof.consistency(from: size, to: state.size, leaves: { leaves[Int($0)] }).map {
                    WitnessedLog.Growth(
                        from: LogHead(size: size, root: root(leaves.prefix(Int(size)))), to: here, path: $0)
                }
            }
        }
        // The author signed for more than has arrived: the frame that ended before brought the proof.
        if state.noteSize > state.size, let note = try? SignedNote(parsing: state.note),
            let signed = try? Checkpoint(parsing: note.text)
        {
            proofs.append(
                WitnessedLog.Growth(
                    from: here, to: LogHead(size: signed.size, root: signed.root), path: state.proof))
        }
        return WitnessedLog(log: log, heads: heads, proofs: proofs)
    }
}
