import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// That a log only grew between two signed heads (`protocol/10-proofs.md`).
public struct ConsistencyProof: Sendable {
    public let log: LogName
    /// Signed notes: checkpoints of the author, or of a holder who cosigned.
    public let from: String
    public let to: String
    public let path: [Hash]

    public var json: JSON {
        .object([
            JSONMember("proof", "consistency"), JSONMember("version", .int(1)),
            JSONMember("log", .string(log.description)), JSONMember("from", .string(from)),
            JSONMember("to", .string(to)), JSONMember("path", .hashes(path)),
        ])
    }
}

/// Why a proof between two sizes cannot be given here.
public enum NoConsistencyProof: Error, Sendable, Hashable {
    /// The log is not here, or not so long.
    case notHeld(size: Int64)
    /// Nobody signed a head of that size; the sizes near it that somebody did.
    case unsigned(size: Int64, near: [Int64])
}

extension LogStore {
    /// A proof from the head of `from` lines to that of `to` lines; without `to`, to the author's newest.
    ///
    /// - Throws: `NoConsistencyProof`; `StoreError` when what is stored contradicts itself.
    public func consistencyProof(_ log: LogName, from: Int64, to: Int64?) throws -> ConsistencyProof {
        try database.read { db in
            let state = try LogState.fetch(db, log)
            guard let id = state.id, let to = try to ?? Self.newestSignedSize(db, state), to <= state.size else {
                throw NoConsistencyProof.notHeld(size: to ?? from)
            }
            guard from >= 1, from <= to else { throw NoConsistencyProof.notHeld(size: from) }
            let leaves = try Self.leafHashes(db, id: id, size: to)
            let first = try signedHead(db, state, size: from, leaves)
            let second = try signedHead(db, state, size: to, leaves)
            guard let path = MerkleProof.consistency(from: from, to: to, leaves: { leaves[Int($0)] }) else {
                throw NoConsistencyProof.notHeld(size: from)
            }
            return ConsistencyProof(log: log, from: first, to: second, path: path)
        }
    }

    /// A head of that size over the lines held here: the author's, or else what a holder cosigned.
    private func signedHead(_ db: Database, _ state: LogState, size: Int64, _ leaves: [Hash]) throws -> String {
        let root = Self.root(leaves.prefix(Int(size)))
        let notes =
            try [authorNote(db, state, size: size, root: root)].compactMap { $0 }
            + Self.receipts(db, sql: "WHERE log.name = ?", arguments: [state.name.description])
            .filter { $0.kind == .held && $0.size == size }.map(\.note)
        for text in notes {
            if let note = try? SignedNote(parsing: text), let head = try? Checkpoint(parsing: note.text),
                head.size == size, head.root == root
            {
                return text
            }
        }
        guard notes.isEmpty else {
            throw StoreError.invalid(
                "the stored lines of \(state.name) do not lead to the root its author signed; run `simpul log verify`")
        }
        throw NoConsistencyProof.unsigned(
            size: size, near: try state.id.map { try Self.signedSizes(db, log: $0, near: size) } ?? [])
    }
}
