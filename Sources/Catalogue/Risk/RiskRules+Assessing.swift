extension RiskRules {
    /// Adds up the answers: score = min(cap, weights of "yes"); a hard trigger forces the highest band; too
    /// many unknown answers make the result incomplete and never lower than its band for that.
    ///
    /// - Parameters:
    ///   - answers: by rule. A rule of the stage without an answer counts as unknown.
    ///   - stage: `before`, `during`; nil: all rules are expected to be answered.
    public func assess(
        answers: [String: RiskAnswer], facts: RiskFacts = RiskFacts(), stage: String? = nil
    ) -> RiskAssessment {
        let reasons = rules.filter { answers[$0.id] == .yes }.map { rule in
            RiskAssessment.Reason(
                rule: rule, isHard: rule.hard?.holds(answers: answers, facts: facts) ?? false)
        }
        let score = min(cap, reasons.reduce(0) { $0 + $1.rule.weight })
        let unknown = questions(for: stage).count { (answers[$0.id] ?? .unknown) == .unknown }
        let isIncomplete = unknown > unknownLimit
        return RiskAssessment(
            rulesVersion: version, score: score,
            band: band(score: score, isHard: reasons.contains(where: \.isHard), isIncomplete: isIncomplete),
            reasons: reasons.sorted(by: Self.weighsMore), unknown: unknown, incomplete: isIncomplete)
    }

    /// The rules whose question is asked at a stage of migration; all of them when the stage is not known.
    public func questions(for stage: String?) -> [Rule] {
        guard let stage, rules.contains(where: { $0.phase == stage }) else { return rules }
        return rules.filter { $0.phase == stage || $0.phase == "any" }
    }

    /// Rules whose "yes" the facts already suggest, e.g. R01 from a tourist visa. A person still answers.
    public func suggestions(answers: [String: RiskAnswer] = [:], facts: RiskFacts) -> Set<String> {
        Set(rules.filter { $0.suggest?.holds(answers: answers, facts: facts) ?? false }.map(\.id))
    }

    private func band(score: Int, isHard: Bool, isIncomplete: Bool) -> Band {
        // The reader guarantees a band from 0 on; hardBand stands in only where there is none at all.
        let byScore = bands.last { $0.min <= score } ?? hardBand
        let candidates = [byScore] + (isHard ? [hardBand] : []) + (isIncomplete ? [incompleteBand] : [])
        return candidates.max { $0.min < $1.min } ?? byScore
    }

    private static func weighsMore(_ left: RiskAssessment.Reason, _ right: RiskAssessment.Reason) -> Bool {
        if left.isHard != right.isHard { return left.isHard }
        return (right.rule.weight, left.rule.id) < (left.rule.weight, right.rule.id)
    }
}
