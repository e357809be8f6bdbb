import Event
import ReadModels

/// An intake held in memory: runs in the order in which they were accepted.
final class ArrayIntake: IntakeReader {
    let all: [IntakeRun]
    private let lines: [String: [Int64: [UInt8]]]

    init(_ runs: [(log: LogName, first: Int64, lines: [[UInt8]])]) {
        all = runs.enumerated().map { IntakeRun(cut: Int64($0 + 1), log: $1.log, first: $1.first, lines: $1.lines) }
        var lines: [String: [Int64: [UInt8]]] = [:]
        for run in runs {
            for (offset, line) in run.lines.enumerated() {
                lines[run.log.description, default: [:]][run.first + Int64(offset)] = line
            }
        }
        self.lines = lines
    }

    var intakeSize: Int64 { Int64(all.count) }

    func runs(from cut: Int64, limit: Int) -> [IntakeRun] {
        var result: [IntakeRun] = []
        var count = 0
        for run in all[Int(cut)...] where count < limit {
            result.append(run)
            count += run.lines.count
        }
        return result
    }

    /// As the log's own name has it: who writes for a village is of it.
    func author(of log: LogName) -> LogAuthor? {
        let region = log.audience.region ?? .nation
        return LogAuthor(region: region, mayRevoke: region.level != .village)
    }

    func line(_ log: LogName, _ sequence: Int64) -> [UInt8]? { lines[log.description]?[sequence] }

    /// The first part of this intake.
    func prefix(_ cut: Int64) -> ArrayIntake {
        ArrayIntake(all.prefix(Int(cut)).map { ($0.log, $0.first, $0.lines) })
    }
}
