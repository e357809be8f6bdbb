import Event
import ReadModels
import Store

/// Gives the read models what the store accepted, in the order of acceptance.
struct StoreIntake: IntakeReader {
    let store: LogStore

    var intakeSize: Int64 { get throws { try store.intakeSize() } }

    func runs(from cut: Int64, limit: Int) throws -> [IntakeRun] {
        CrashPoint.midFold.reach()
        return try store.intake(after: cut, limit: limit).map { entry in
            IntakeRun(
                cut: entry.cut, log: entry.log, first: entry.first,
                lines: try store.lines(entry.log, from: entry.first, through: entry.last))
        }
    }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? { try store.line(log, sequence) }
}
