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
    public var incompleteBand: Band
    /// The band of any hard trigger.
    public var hardBand: Band
    /// The highest score.
    public var cap: Int
    /// What a result means and what it does not, to be shown beside it.
    public var note: LocalizedText
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
