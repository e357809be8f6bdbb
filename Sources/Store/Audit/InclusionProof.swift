import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// That a line stands in its author's log, for somebody who trusts nothing but the author's key.
public struct InclusionProof: Sendable {
    public let reference: LineReference
    /// The line's exact bytes.
    public let line: [UInt8]
    /// Size of the tree that the proof leads to, and its root.
    public let size: Int64
    public let root: Hash
    /// RFC 6962 audit path, from the leaf up.
    public let path: [Hash]
    /// The author's checkpoint of that size, a signed note.
    public let checkpoint: String
    /// Who stated to hold the line, each with a signed note.
    public let receipts: [Receipt]
}

extension LogStore {
    /// A proof for line `sequence` of `log`, under the newest checkpoint of the author that fits the lines held here.
    ///
    /// - Returns: nil when the line is not here, or no checkpoint of a size held here covers it yet.
    public func inclusionProof(_ log: LogName, _ sequence: Int64) throws -> InclusionProof? {
        try database.read { db in
            guard let id = try Self.logID(db, log), sequence >= 0,
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT size, root, note FROM checkpoint WHERE log = ?1 AND size > ?2
                        UNION ALL
                        SELECT size, root, note FROM log WHERE id = ?1 AND size > ?2 AND noteSize = size
                        ORDER BY size DESC LIMIT 1
                        """,
                    arguments: [id, sequence]),
                let line = try Data.fetchOne(
                    db, sql: "SELECT bytes FROM line WHERE id = ?", arguments: [LogState.lineID(id, sequence)])
            else { return nil }
            let size: Int64 = row["size"]
            let root: Data = row["root"]
            let leaves = try Self.leafHashes(db, id: id, size: size)
            guard Int64(leaves.count) == size, let stated = Hash([UInt8](root)),
                let path = MerkleProof.inclusion(index: sequence, size: size, leaves: { leaves[Int($0)] }),
                MerkleProof.verifyInclusion(
                    leaf: leaves[Int(sequence)], index: sequence, size: size, root: stated, proof: path)
            else {
                throw StoreError.invalid(
                    "the stored lines of \(log) do not lead to the root its author signed; run `simpul log verify`")
            }
            return InclusionProof(
                reference: try LineReference(log: log, sequence: sequence, leafHash: leaves[Int(sequence)].bytes),
                line: [UInt8](line), size: size, root: stated, path: path, checkpoint: row["note"],
                receipts: try Self.receipts(db, sql: "WHERE log.name = ?", arguments: [log.description])
                    .filter { $0.kind == .held && $0.size > sequence })
        }
    }
}
