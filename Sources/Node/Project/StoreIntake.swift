import Event
import ReadModels
import Store
import Sync
import TransparencyLog

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
                    cut: entry.cut, log: entry.log, history: entry.branch?.history ?? "", first: entry.first,
                    lines: try store.lines(entry.log, branch: entry.branch, from: entry.first, through: entry.last))
                runs.append(run)
                lines += run.lines.count
            }
            if entries.isEmpty { break }
        }
        return runs
    }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? { try store.line(log, sequence) }

    func line(_ log: LogName, history: String, _ sequence: Int64) throws -> [UInt8]? {
        guard !history.isEmpty else { return try store.line(log, sequence) }
        guard let branch = BranchName(history: history) else { return nil }
        return try store.lines(log, branch: branch, from: sequence, through: sequence).first
    }

    func author(of log: LogName) throws -> LogAuthor? {
        try store.enrolment(node: log.node, epoch: log.epoch).map {
            LogAuthor(region: $0.enrolment.region, mayRevoke: $0.enrolment.role != .village)
        }
    }
}

extension BranchName {
    /// `FORK:LEAFHASH`: how the read models name a history.
    var history: String { "\(fork):\(leaf.hex)" }

    fileprivate init?(history: String) {
        let parts = history.split(separator: ":")
        guard parts.count == 2, let fork = Int64(parts[0]), let leaf = Hash(hex: String(parts[1])) else { return nil }
        self.init(fork: fork, leaf: leaf)
    }
}
