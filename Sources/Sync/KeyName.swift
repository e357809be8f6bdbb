/// `HOLDER/n`: whose key it is, and its number (`protocol/06-personal-data.md`).
///
/// The holder is a person's UUID, or that of what else is named in a record: a household, a case. Of a holder's keys the
/// one with the highest number is written with; older ones go on reading what they encrypted.
public struct KeyName: Sendable, Hashable, CustomStringConvertible {
    public let holder: String
    /// From 1.
    public let number: Int64

    public init(holder: String, number: Int64) {
        self.holder = holder
        self.number = number
    }

    /// Nil for what is not printable ASCII of that form, at most 64 bytes.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 64, parts.count == 2, !parts[0].isEmpty,
            parts[0].allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let first = parts[1].first, first != UInt8(ascii: "0"), parts[1].count <= 15,
            parts[1].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let number = Int64(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        holder = String(decoding: parts[0], as: UTF8.self)
        self.number = number
    }

    public var description: String { "\(holder)/\(number)" }
}
