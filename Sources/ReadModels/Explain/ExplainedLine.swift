import Event

/// A line behind a row of a model.
public struct ExplainedLine: Sendable, Hashable {
    public var line: LineReference
    public var type: String
    public var subject: String
    /// When it happened, as known in this version of the line.
    public var occurredAt: String
    /// The cut from which this version was known.
    public var knownFrom: Int64
    /// The cut from which it no longer was; nil: still is.
    public var knownTo: Int64?
}
