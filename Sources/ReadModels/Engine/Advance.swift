/// What one call of `advance` did.
public struct Advance: Sendable, Hashable {
    /// The cut reached.
    public var cut: Int64
    public var runs = 0
    public var lines = 0
    /// Lines of those that do not count, for now.
    public var parked = 0
    /// Whether the intake holds more.
    public var more = false
}
