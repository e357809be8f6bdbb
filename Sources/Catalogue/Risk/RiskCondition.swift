public enum RiskAnswer: String, Sendable, Hashable, CaseIterable {
    case yes, no, unknown
}

/// A fact beside the answers, such as `departure_on.in_days`, `collateral` or `country.flag`.
public enum RiskFact: Sendable, Hashable {
    case number(Int64)
    case words(Set<String>)
}

/// A condition over facts and answers, as the rules file states it.
public indirect enum RiskCondition: Sendable, Hashable {
    case always
    case all([RiskCondition])
    case any([RiskCondition])
    case not(RiskCondition)
    case answer(rule: String, is: RiskAnswer)
    case atMost(fact: String, Int64)
    case moreThan(fact: String, Int64)
    case oneOf(fact: String, Set<String>)
}
