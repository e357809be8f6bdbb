/// The published rules that order follow-up by risk. Data, not code: see `Resources/rules`.
///
/// The result is never an accusation: it says who should be visited first.
public struct RiskRules: Sendable, Hashable {
    public var version: String
    public var rules: [Rule]
    /// Ascending by `min`.
    public var bands: [Band]
    /// More unanswered questions than this make a result incomplete.
    public var unknownLimit: Int
    /// The lowest band of an incomplete result.
    public var incompleteBand: String
    /// The band of any hard trigger.
    public var hardBand: String
    /// The highest score.
    public var cap: Int
}

extension RiskRules {
    public struct Rule: Sendable, Hashable {
        /// `R01` … `R22`.
        public var id: String
        /// `before`, `during` or `any` (stage of migration in which the question is asked).
        public var phase: String
        public var indicator: LocalizedText
        public var question: LocalizedText
        public var advice: LocalizedText
        public var evidence: LocalizedText
        /// Points for "yes".
        public var weight: Int
        /// With the answer "yes", forces `hardBand` when it holds.
        public var hard: RiskCondition?
        /// The answer "yes" is proposed when this holds.
        public var suggest: RiskCondition?
        public var basis: String
        /// ILO indicators of forced labour that the rule points to.
        public var ilo: [String]
    }

    public struct Band: Sendable, Hashable {
        public var code: String
        public var label: LocalizedText
        public var min: Int
        public var advice: LocalizedText
    }
}

public enum RiskAnswer: String, Sendable, Hashable, CaseIterable {
    case yes, no, unknown
}

/// Facts beside the answers that hard triggers look at: `departure_in_days`, `collateral`, `country.flag`, …
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

public struct RiskAssessment: Sendable, Hashable {
    public struct Reason: Sendable, Hashable {
        public var rule: RiskRules.Rule
        /// This rule alone forces the hard band.
        public var isHard: Bool
    }

    public var rulesVersion: String
    /// 0 … cap.
    public var score: Int
    public var band: RiskRules.Band
    /// Heaviest first, hard ones before all.
    public var reasons: [Reason]
    public var unknown: Int
    /// Too many questions unanswered to trust a low score.
    public var incomplete: Bool
}
