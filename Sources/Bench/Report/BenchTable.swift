/// The rows of a run as a Markdown table.
struct BenchTable {
    private var rows: [BenchRow] = []

    mutating func add(_ rows: [BenchRow]) {
        for row in rows { note("  \(row.what): \(row.value)") }
        self.rows += rows
    }

    var hasFailures: Bool { rows.contains { $0.value.hasPrefix("failed") } }

    var markdown: String {
        var lines = ["| measured | figure | target | reached |", "|---|---|---|---|"]
        lines += rows.map { "| \($0.what) | \($0.value) | \($0.target) | \($0.verdict.rawValue) |" }
        return lines.joined(separator: "\n")
    }
}
