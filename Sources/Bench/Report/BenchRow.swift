/// One line of the table.
struct BenchRow: Sendable {
    enum Verdict: String, Sendable {
        case met = "yes"
        case missed = "**no**"
        /// A figure without a target.
        case none = ""
    }

    var what: String
    var value: String
    var target: String
    var verdict: Verdict

    init(_ what: String, value: String, target: String = "", verdict: Verdict = .none) {
        self.what = what
        self.value = value
        self.target = target
        self.verdict = verdict
    }

    /// A figure that should be at least `target`.
    init(
        _ what: String, _ value: Double, atLeast target: Double, digits: Int = 2, unit: String = "", detail: String = ""
    ) {
        self.init(
            what, value: value.text(digits: digits) + unit + (detail.isEmpty ? "" : " (\(detail))"),
            target: "≥ " + target.text(digits: digits) + unit, verdict: value >= target ? .met : .missed)
    }

    /// A figure that should be at most `target`.
    init(
        _ what: String, _ value: Double, atMost target: Double, digits: Int = 2, unit: String = "", detail: String = ""
    ) {
        self.init(
            what, value: value.text(digits: digits) + unit + (detail.isEmpty ? "" : " (\(detail))"),
            target: "≤ " + target.text(digits: digits) + unit, verdict: value <= target ? .met : .missed)
    }
}
