import Event
import Foundation
import GRDB

extension LogStore {
    /// Writes a copy of the logs as they stand between two transactions into a new file, durably.
    public func backUp(to path: String) throws {
        try database.copy(to: path)
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            throw StoreError.writeFailed(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// A new epoch starts an intake log of its own. What the copy accepted before under an earlier one stands at its
    /// head, run by run, so that every cut keeps its number and means what it meant.
    func adoptIntake() throws {
        let (isEmpty, earlier) = try database.read { db in
            (
                try LogState.fetch(db, intakeLog).size == 0,
                try Row.fetchOne(
                    db,
                    sql: """
                        SELECT id, size FROM log WHERE node = ? AND audience = 'local' AND lane = 'intake' AND name <> ?
                        ORDER BY size DESC, id DESC LIMIT 1
                        """,
                    arguments: [signer.node.description, intakeLog.description])
            )
        }
        guard isEmpty, let earlier else { return }
        let (id, size): (Int64, Int64) = (earlier["id"], earlier["size"])
        try database.write { db in
            var state = try LogState.fetch(db, intakeLog)
            guard state.size == 0 else { return }
            let change = try Self.nextChange(db)
            if state.id == nil { try state.save(db, change: change) }
            let inserter = try LineInserter(db)
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT id, bytes FROM line WHERE id >= ? AND id < ? ORDER BY id",
                arguments: [LogState.lineID(id, 0), LogState.lineID(id, size)])
            while let row = try cursor.next() {
                let bytes: Data = row["bytes"]
                let entry = try Self.intakeEntry(cut: state.size + 1, bytes: [UInt8](bytes))
                let line = intakeLine(
                    sequence: state.size, log: entry.log, branch: entry.branch, run: entry.first...entry.last)
                try Self.insert(line, at: state.size, into: &state, inserter)
            }
            guard state.size > 0 else { return }
            try sign(&state)
            try state.save(db, change: change)
        }
    }
}
