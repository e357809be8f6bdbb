/// A reading of a hybrid logical clock: milliseconds since 1970 and a counter among readings of one millisecond.
/// Written `%012x.%04x`, so that the order of texts is the order of readings.
public struct HybridTimestamp: Hashable, Sendable {
    /// 48 bits: until the year 10889.
    public static let maximumMilliseconds: Int64 = (1 << 48) - 1

    public let milliseconds: Int64
    public let counter: UInt16

    public static let zero = HybridTimestamp(milliseconds: 0, counter: 0)

    /// - Parameter milliseconds: clamped to 0…`maximumMilliseconds`, for a wall clock can show anything.
    public init(milliseconds: Int64, counter: UInt16) {
        self.milliseconds = max(0, min(milliseconds, HybridTimestamp.maximumMilliseconds))
        self.counter = counter
    }

    /// Reads `00000000000a.0001`; nil where the text has any other form.
    public init?(_ text: String) {
        self.init(utf8: text.utf8)
    }

    init?(utf8 text: some Collection<UInt8>) {
        guard text.count == 17, let milliseconds = Hexadecimal.integer(text.prefix(12)),
            text.dropFirst(12).first == UInt8(ascii: "."),
            let counter = Hexadecimal.integer(text.suffix(4))
        else { return nil }
        self.init(milliseconds: Int64(milliseconds), counter: UInt16(counter))
    }

    /// The reading right after this one. At the very end of time it stays where it is.
    var successor: HybridTimestamp {
        if counter < .max { return HybridTimestamp(milliseconds: milliseconds, counter: counter + 1) }
        if milliseconds < HybridTimestamp.maximumMilliseconds {
            return HybridTimestamp(milliseconds: milliseconds + 1, counter: 0)
        }
        return self
    }
}

extension HybridTimestamp: Comparable {
    public static func < (left: HybridTimestamp, right: HybridTimestamp) -> Bool {
        (left.milliseconds, left.counter) < (right.milliseconds, right.counter)
    }
}

extension HybridTimestamp: CustomStringConvertible {
    public var description: String {
        Hexadecimal.text(UInt64(milliseconds), digits: 12) + "."
            + Hexadecimal.text(UInt64(counter), digits: 4)
    }
}
