/// What a token of a `JSONTape` is.
public enum JSONKind: UInt8, Sendable {
    case null, `false`, `true`, integer, decimal, string, array, object
}

/// One value, or one key, found in the text.
struct JSONToken {
    /// Where the text starts and ends. For strings and keys: the content between the quotes.
    var start: UInt32
    var end: UInt32
    /// For a value: the index of the token after it and all it contains. For a key, whose value is always the next
    /// token: a digest of its bytes, by which different keys are told apart quickly.
    var link: UInt32
    var kind: JSONKind
    /// Whether the content differs from the text, so that it has to be decoded before it is compared or shown.
    var hasEscapes: Bool

    init(_ kind: JSONKind, start: Int, end: Int = 0, link: UInt32 = 0, hasEscapes: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.link = link
        self.kind = kind
        self.hasEscapes = hasEscapes
    }

    var range: Range<Int> { Int(start)..<Int(end) }
}
