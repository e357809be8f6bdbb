/// How the place of a line in its log is written: decimal digits without needless zeros, counted from 0, at most
/// 2^40. That is more lines than anyone will write, and far from where arithmetic overflows.
public enum SequenceNumber {
    public static let maximum: Int64 = 1 << 40

    public static func parse(_ text: some Collection<UInt8>) -> Int64? {
        guard (1...16).contains(text.count) else { return nil }
        var value: Int64 = 0
        for byte in text {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        guard value <= maximum, text.count == 1 || text.first != UInt8(ascii: "0") else { return nil }
        return value
    }
}
