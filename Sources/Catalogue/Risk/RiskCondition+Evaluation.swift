extension RiskCondition {
    /// Whether it holds. A fact that is not known fulfils nothing.
    func holds(answers: [String: RiskAnswer], facts: RiskFacts) -> Bool {
        switch self {
        case .always: true
        case .all(let conditions): conditions.allSatisfy { $0.holds(answers: answers, facts: facts) }
        case .any(let conditions): conditions.contains { $0.holds(answers: answers, facts: facts) }
        case .not(let condition): !condition.holds(answers: answers, facts: facts)
        case .answer(let rule, let answer): answers[rule] == answer
        case .atMost(let name, let limit): facts.number(name).map { $0 <= limit } ?? false
        case .moreThan(let name, let limit): facts.number(name).map { $0 > limit } ?? false
        case .oneOf(let name, let words): !facts.words(name).isDisjoint(with: words)
        }
    }
}

extension RiskFacts {
    fileprivate func number(_ name: String) -> Int64? {
        if case .number(let number) = values[name] { number } else { nil }
    }

    fileprivate func words(_ name: String) -> Set<String> {
        if case .words(let words) = values[name] { words } else { [] }
    }
}
