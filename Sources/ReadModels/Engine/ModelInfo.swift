import Catalogue

/// What a model is, for lists, descriptions of the interface, and pages.
public struct ModelInfo: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Rows of an entity, computed from its events.
        case fold
        /// Counts and sums, kept by differences.
        case rollUp = "rollup"
        /// Computed when asked.
        case view
    }

    public var name: String
    public var version: Int
    public var kind: Kind
    public var title: LocalizedText
    public var about: String
    /// Columns whose values name a row.
    public var key: [String]
    public var columns: [ModelColumn]
    /// The column with the month, quarter or date, if rows stand for periods.
    public var periodColumn: String?
    /// What it is about, as far as access goes.
    public var topic: String
    /// Why the model could not be kept up; nil: it is.
    public var failure: String?
}
