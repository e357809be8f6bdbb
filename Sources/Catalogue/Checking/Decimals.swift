/// Arithmetic on decimal numerals as they are written, so that no binary fraction ever enters.
enum Decimals {
    /// A numeral scaled to an integer: `12.5` at scale 2 is 1250. Nil when it is no plain numeral, has more
    /// digits after the point than the scale, or does not fit 64 bits.
    static func scaled(_ text: String, scale: Int) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, fraction.utf8.count <= scale else { return nil }
        let digits = parts[0] + fraction + String(repeating: "0", count: scale - fraction.utf8.count)
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int64(isNegative ? "-\(digits)" : String(digits))
    }

    /// The number of digits after the point of a step such as `0.01`; nil for any other number.
    static func scale(ofStep text: String) -> Int? {
        guard text.hasPrefix("0."), text.hasSuffix("1") else { return nil }
        let fraction = text.dropFirst(2)
        guard fraction.dropLast().allSatisfy({ $0 == "0" }) else { return nil }
        return fraction.utf8.count
    }
}
