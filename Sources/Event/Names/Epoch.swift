/// One copy of one disk: 64 random bits, written as 16 lower-case hexadecimal digits.
///
/// A restored or cloned disk must not go on under its old epoch, which is how two copies of one machine never write
/// one log.
public struct Epoch: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let bits: UInt64

    public init(bits: UInt64) {
        self.bits = bits
    }

    public init(_ text: String) throws(NameError) {
        guard text.utf8.count == 16, let bits = Hexadecimal.integer(text.utf8) else {
            throw NameError(.epoch, text)
        }
        self.bits = bits
    }

    /// A new epoch from the system's secure source.
    public static func random() -> Epoch {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    public static func random(using generator: inout some RandomNumberGenerator) -> Epoch {
        Epoch(bits: generator.next())
    }

    public var description: String { Hexadecimal.text(bits, digits: 16) }

    public static func < (left: Epoch, right: Epoch) -> Bool { left.bits < right.bits }
}
