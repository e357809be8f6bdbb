import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

extension LogStore {
    /// Lines under the author's signature that are not those held here: a second history of the log, which is kept
    /// beside the first; or damage on the way or on the sender's disk, of which nothing is kept.
    ///
    /// - Returns: what is told to the sender; for a second history also to an operator.
    static func keepBranch(_ db: Database, _ checked: CheckedFrame) throws -> String {
        let frame = checked.frame
        guard let (id, fork) = try forkPoint(db, frame) else {
            return "the lines of \(frame.log) from \(frame.from) do not give the root that its author signed for "
                + "\(checked.checkpoint.size) lines"
        }
        var edge = try edge(db, id: id, size: fork)
        edge.append(contentsOf: checked.leaves[Int(fork - frame.from)...])
        guard checked.fits(root: edge.root) else {
            return "the lines of \(frame.log) differ from those held here at \(fork), and are not what its author "
                + "signed"
        }
        let first = checked.leaves[Int(fork - frame.from)]
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO branch (log, fork, leaf, sequence, bytes, note, received)
                VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) ON CONFLICT DO NOTHING
                """)
        for sequence in fork..<frame.end {
            let bytes = frame.line(at: Int(sequence - frame.from))
            try statement.execute(arguments: [id, fork, Data(first.bytes), sequence, Data(bytes), frame.note])
        }
        let detail =
            "\(frame.log) has two histories, which part at line \(fork). Both are kept; an operator should find out "
            + "whether a disk was copied or restored."
        try raiseAlarm(db, kind: "fork", log: frame.log.description, detail: detail)
        return detail
    }

    /// The first line of the frame that differs from the one held at its place.
    private static func forkPoint(_ db: Database, _ frame: LinesFrame) throws -> (log: Int64, fork: Int64)? {
        guard let id = try logID(db, frame.log) else { return nil }
        let cursor = try Row.fetchCursor(
            db.cachedStatement(sql: "SELECT bytes FROM line WHERE id BETWEEN ? AND ? ORDER BY id"),
            arguments: [LogState.lineID(id, frame.from), LogState.lineID(id, frame.end - 1)])
        var index = 0
        while let row = try cursor.next() {
            let same = try row.withUnsafeData(atIndex: 0) { ($0 ?? Data()).elementsEqual(frame.line(at: index)) }
            guard same else { return (id, frame.from + Int64(index)) }
            index += 1
        }
        return nil
    }

    /// Lines of other histories of a log, kept beside it: where each parts from it, its place, and its bytes.
    public func branchLines(_ log: LogName) throws -> [(fork: Int64, sequence: Int64, bytes: [UInt8])] {
        try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT fork, sequence, bytes FROM branch JOIN log ON log.id = branch.log WHERE log.name = ?
                    ORDER BY fork, leaf, sequence
                    """,
                arguments: [log.description]
            ).map { ($0["fork"], $0["sequence"], [UInt8]($0["bytes"] as Data)) }
        }
    }
}
