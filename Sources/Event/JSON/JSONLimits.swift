/// How much JSON a caller is ready to take, checked before memory is spent.
public struct JSONLimits: Hashable, Sendable {
    /// The longest text accepted, in bytes.
    public var maximumBytes: Int
    /// How deep objects and arrays may nest; the outermost one is depth 1.
    public var maximumDepth: Int
    /// Whether a newline may stand between tokens.
    public var allowsNewlines: Bool

    /// - Parameter maximumDepth: clamped to 1…128, because values are built by recursion.
    public init(maximumBytes: Int, maximumDepth: Int, allowsNewlines: Bool) {
        self.maximumBytes = max(0, min(maximumBytes, JSONLimits.addressableBytes))
        self.maximumDepth = max(1, min(maximumDepth, 128))
        self.allowsNewlines = allowsNewlines
    }

    /// One event line: 65,536 bytes, depth 16, no newline.
    public static let line = JSONLimits(maximumBytes: 65_536, maximumDepth: 16, allowsNewlines: false)
    /// A file kept with the program, such as a schema or a code list: 64 MiB, depth 64, newlines allowed.
    public static let document = JSONLimits(maximumBytes: 64 << 20, maximumDepth: 64, allowsNewlines: true)

    /// Tokens hold 32-bit offsets.
    static let addressableBytes = Int(Int32.max) - 64
}
