/// What an answer is to be given from: what was known at a cut, what was true at a date, or both.
public struct AsOf: Hashable, Sendable {
    /// Only what this node knew at that size of its intake log; nil: all that it knows now.
    public var cut: Int64?
    /// Only what had happened by the end of this day; nil: whatever happened.
    public var trueAt: LocalDay?

    public init(cut: Int64? = nil, trueAt: LocalDay? = nil) {
        self.cut = cut
        self.trueAt = trueAt
    }

    public static let now = AsOf()
}
