import Event
import Foundation
import GRDB

/// One folder takes lines in under one epoch at a time: its newest.
///
/// What must stay true: from the first opening under a new epoch on, nothing is added to the intake log of an earlier
/// one. A program that was opened before and still runs would otherwise note there what the read models, which go on in
/// the new log, never see.
extension LogStore {
    private static let intakeEpoch = "intake-epoch"

    /// Makes the epoch of this store the one that takes lines in.
    ///
    /// - Throws: `StoreError.epochLeft` where the folder has gone on to another, which an older program cannot take back.
    func takeOverIntake() throws {
        let epoch = signer.epoch.description
        let current = try database.read { db in try Self.counter(db, Self.intakeEpoch) }
        guard current != epoch else { return }
        if let current, try intakeSize() > 0 { throw StoreError.epochLeft(own: epoch, current: current) }
        try adoptIntake()
        try database.write { db in try Self.setCounter(db, Self.intakeEpoch, epoch) }
    }

    /// In the transaction of whatever is to be taken in.
    func refuseAfterEpoch(_ db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT text FROM counter WHERE name = 'intake-epoch'")
        let current = try String.fetchOne(statement)
        guard current == signer.epoch.description else {
            throw StoreError.epochLeft(own: signer.epoch.description, current: current ?? "unknown")
        }
    }

    /// A new epoch starts an intake log of its own. What the copy accepted before under an earlier one stands at its
    /// head, run by run, so that every cut keeps its number and means what it meant.
    private func adoptIntake() throws {
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
                    sequence: state.size, log: entry.log, branch: entry.branch, run: entry.first...entry.last,
                    isEarly: entry.isEarly)
                try Self.insert(line, at: state.size, into: &state, inserter)
            }
            guard state.size > 0 else { return }
            try sign(&state)
            try state.save(db, change: change)
        }
    }
}
