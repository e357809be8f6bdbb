import Event
import ReadModels
import Store

/// Gives the read models what the store accepted, in the order of acceptance.
struct StoreIntake: IntakeReader {
    let store: LogStore

    var intakeSize: Int64 { get throws { try store.intakeSize() } }

    /// - Parameter limit: lines to read at most, by whole runs; at least one run. Memory follows lines, not runs.
    func runs(from cut: Int64, limit: Int) throws -> [IntakeRun] {
        var runs: [IntakeRun] = []
        var lines = 0
        while lines < limit {
            // A few at a time: how many runs make up the lines wanted is only known once they are read.
            let entries = try store.intake(after: runs.last?.cut ?? cut, limit: min(limit - lines, 256))
            for entry in entries where lines < limit {
                let run = IntakeRun(
                    cut: entry.cut, log: entry.log, first: entry.first,
                    lines: try store.lines(entry.log, from: entry.first, through: entry.last))
                runs.append(run)
                lines += run.lines.count
            }
            if entries.isEmpty { break }
        }
        return runs
    }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? { try store.line(log, sequence) }
}
