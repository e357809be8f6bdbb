import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// That a line stands in its author's log, for somebody who trusts nothing but the author's key
/// (`protocol/10-proofs.md`).
public struct InclusionProof: Sendable {
    /// That a holder's cosigned state of the log contains the line too.
    public struct Held: Sendable {
        public let holder: NodeName
        /// The holder's cosigned checkpoint, a signed note.
        public let note: String
        public let path: [Hash]
    }

    public let reference: LineReference
    /// The line's exact bytes.
    public let line: [UInt8]
    /// The author's checkpoint that the path leads to, a signed note.
    public let checkpoint: String
    /// RFC 6962 audit path, from the leaf up.
    public let path: [Hash]
    public let held: [Held]

    /// The same with at most so many holders: those of the most lines.
    public func holders(atMost count: Int) -> InclusionProof {
        InclusionProof(
            reference: reference, line: line, checkpoint: checkpoint, path: path, held: Array(held.prefix(count)))
    }

    public var json: JSON {
        let held: [JSONMember] =
            self.held.isEmpty
            ? []
            : [
                JSONMember(
                    "held",
                    .array(
                        self.held.map {
                            .object([JSONMember("note", .string($0.note)), JSONMember("path", .hashes($0.path))])
                        }))
            ]
        return .object(
            [
                JSONMember("proof", "inclusion"), JSONMember("version", .int(1)),
                JSONMember("log", .string(reference.log.description)), JSONMember("sequence", .int(reference.sequence)),
                JSONMember("line", .string(Data(line).base64EncodedString())),
                JSONMember("checkpoint", .string(checkpoint)), JSONMember("path", .hashes(path)),
            ] + held)
    }
}

extension JSON {
    static func hashes(_ hashes: [Hash]) -> JSON { .array(hashes.map { .string($0.base64) }) }
}

extension LogStore {
    /// A proof for line `sequence` of `log`.
    ///
    /// - Parameter size: the size of the checkpoint to prove it under; nil is the author's newest that fits the lines
    ///   held here.
    /// - Parameter withHolders: whether to prove also that others hold the line who said so.
    /// - Returns: nil when the line is not here, or no checkpoint of the author covers it yet, or none has that size.
    public func inclusionProof(
        _ log: LogName, _ sequence: Int64, at size: Int64? = nil, withHolders: Bool = false
    ) throws -> InclusionProof? {
        try database.read { db in
            let state = try LogState.fetch(db, log)
            guard let id = state.id, sequence >= 0, sequence < state.size,
                let line = try Data.fetchOne(
                    db, sql: "SELECT bytes FROM line WHERE id = ?", arguments: [LogState.lineID(id, sequence)]),
                let size = try size ?? Self.newestSignedSize(db, state), size > sequence, size <= state.size
            else { return nil }
            let leaves = try Self.leafHashes(db, id: id, size: state.size)
            guard let note = try authorNote(db, state, size: size, root: Self.root(leaves.prefix(Int(size)))) else {
                return nil
            }
            guard Int64(leaves.count) == state.size,
                let path = Self.path(leaves, to: sequence, under: note)
            else {
                throw StoreError.invalid(
                    "the stored lines of \(log) do not lead to the root its author signed; run `simpul log verify`")
            }
            let receipts =
                withHolders ? try Self.receipts(db, sql: "WHERE log.name = ?", arguments: [log.description]) : []
            let held = receipts.filter { $0.kind == .held && $0.size > sequence && $0.size <= state.size }
                .compactMap { receipt in
                    Self.path(leaves, to: sequence, under: receipt.note).map {
                        InclusionProof.Held(holder: receipt.holder, note: receipt.note, path: $0)
                    }
                }
            return InclusionProof(
                reference: try LineReference(log: log, sequence: sequence, leafHash: leaves[Int(sequence)].bytes),
                line: [UInt8](line), checkpoint: note, path: path, held: held)
        }
    }

    /// The largest size, of those held here, that the author signed.
    static func newestSignedSize(_ db: Database, _ state: LogState) throws -> Int64? {
        if state.noteSize == state.size { return state.size }
        return try Int64.fetchOne(
            db, sql: "SELECT max(size) FROM checkpoint WHERE log = ? AND size <= ?", arguments: [state.id, state.size])
    }

    static func root(_ leaves: ArraySlice<Hash>) -> Hash {
        var edge = TreeEdge()
        edge.append(contentsOf: leaves)
        return edge.root
    }

    /// The path to the head that a note states, if it leads there.
    private static func path(_ leaves: [Hash], to sequence: Int64, under note: String) -> [Hash]? {
        guard let note = try? SignedNote(parsing: note), let head = try? Checkpoint(parsing: note.text),
            head.size <= leaves.count,
            let path = MerkleProof.inclusion(index: sequence, size: head.size, leaves: { leaves[Int($0)] }),
            MerkleProof.verifyInclusion(
                leaf: leaves[Int(sequence)], index: sequence, size: head.size, root: head.root, proof: path)
        else { return nil }
        return path
    }
}
