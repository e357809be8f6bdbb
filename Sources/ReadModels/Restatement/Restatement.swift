import Event

/// A published figure that has changed since: old, new, and the lines that changed it.
public struct Restatement: Sendable, Hashable {
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        /// Recorded or received after the figure's cut.
        case late
        case corrected
        case retracted
        /// Found to be the same record as another.
        case duplicate
    }

    public struct Change: Sendable, Hashable {
        /// The line that counts differently now.
        public var line: LineReference
        public var type: String
        /// When it happened, as recorded now.
        public var occurredAt: String
        public var cause: Cause
        /// The correction or retraction, where there is one.
        public var by: LineReference?
    }

    /// The line that published the figure.
    public var published: LineReference
    public var figure: String
    public var model: String
    public var column: String
    public var filters: [Filter]
    public var cut: Int64
    public var old: ModelValue
    public var new: ModelValue
    public var changes: [Change]
    /// Models whose version is another one now, by name.
    public var versions: [Versions]

    public struct Versions: Sendable, Hashable {
        public var model: String
        public var old: Int
        public var new: Int
    }
}
