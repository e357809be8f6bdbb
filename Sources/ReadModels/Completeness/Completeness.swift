import Catalogue
import Event

/// How complete the rows of an answer are: who should have reported, who has, who is silent.
public struct Completeness: Sendable, Hashable {
    public var region: RegionCode
    /// The period the rows stand for; nil for boards of the present moment.
    public var period: Period?
    /// A node counts as reporting from this day on: the day after the period's last, or today while that is
    /// still to come.
    public var threshold: LocalDay
    /// Nodes enrolled and not revoked for that place and time.
    public var enrolled: Int
    /// Those of them whose last authenticated contact was on `threshold` or later.
    public var reporting: Int
    /// The others, by name.
    public var silent: [SilentNode]
    public var state: PeriodState
    /// The rule by which `state` was found, in words.
    public var rule: LocalizedText

    public struct SilentNode: Sendable, Hashable {
        public var node: String
        public var region: RegionCode
        /// nil: never.
        public var lastContact: LocalDay?
    }
}

/// How final a figure is.
public enum PeriodState: String, Sendable, Hashable, CaseIterable {
    case open = "OPEN"
    case provisional = "PROVISIONAL"
    case final = "FINAL"
    case restated = "RESTATED"
}
