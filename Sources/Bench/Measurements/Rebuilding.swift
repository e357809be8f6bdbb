import Catalogue
import Node

/// Whether building the read models again gets slower, line for line, the more there is.
struct Rebuilding: Measurement {
    let name = "rebuild"
    let about = "rate of a rebuild at 1 million lines against that at 100 thousand"

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        let small = setting.isQuick ? 10_000 : 100_000
        let few = try centre(lines: small, "few", setting, workload)
        let many = try centre(lines: small * 10, "many", setting, workload)
        var (fewer, more): ([Run], [Run]) = ([], [])
        for _ in 0..<setting.repetitions {
            fewer.append(try rebuild(few))
            more.append(try rebuild(many))
        }
        let ratios = zip(more, fewer).map { $0.rate / $1.rate }
        let rates = (few: fewer.map(\.rate).median, many: more.map(\.rate).median)
        let used = (few: fewer.map(\.processor).median, many: more.map(\.processor).median)
        return [
            BenchRow(
                "rebuild, rate at \((small * 10).grouped) lines against \(small.grouped)",
                rates.many / rates.few, atLeast: 0.8,
                detail: "\(rates.many.grouped) against \(rates.few.grouped) lines/s, "
                    + "\(used.many.text(digits: 0)) and \(used.few.text(digits: 0)) µs of processor a line; "
                    + ratios.range(digits: 2))
        ]
    }

    private func centre(lines: Int, _ name: String, _ setting: Setting, _ workload: Workload) throws -> CentreNode {
        let centre = try CentreNode(folder: try setting.scratch.folder(name))
        let logs = try (0..<lines / 500).map { try VillageLog($0, workload: workload) }
        try centre.trust(logs)
        _ = try centre.fill(logs, lines: 500, workload: workload)
        try centre.node.project()
        return centre
    }

    private struct Run {
        /// Lines a second.
        var rate: Double
        /// Microseconds of processor a line, on all threads.
        var processor: Double
    }

    private func rebuild(_ centre: CentreNode) throws -> Run {
        var lines = 0
        let before = ownProcessorSeconds
        let taken = try seconds { lines = try centre.node.rebuild() }
        return Run(rate: Double(lines) / taken, processor: (ownProcessorSeconds - before) / Double(lines) * 1e6)
    }
}
