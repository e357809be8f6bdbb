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
        var rates: (few: [Double], many: [Double]) = ([], [])
        for _ in 0..<setting.repetitions {
            rates.few.append(try rate(few))
            rates.many.append(try rate(many))
        }
        let ratios = zip(rates.many, rates.few).map { $0 / $1 }
        return [
            BenchRow(
                "rebuild, rate at \((small * 10).grouped) lines against \(small.grouped)",
                rates.many.median / rates.few.median, atLeast: 0.8,
                detail: "\(rates.many.median.grouped) against \(rates.few.median.grouped) lines/s; "
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

    private func rate(_ centre: CentreNode) throws -> Double {
        var lines = 0
        let taken = try seconds { lines = try centre.node.rebuild() }
        return Double(lines) / taken
    }
}
