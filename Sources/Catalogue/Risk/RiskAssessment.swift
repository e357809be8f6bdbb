/// What the rules say about one set of answers.
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
