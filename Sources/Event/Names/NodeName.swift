/// A machine that writes logs: `[a-z0-9][a-z0-9-]{0,39}`, such as `lontar-a`.
public struct NodeName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let description: String

    public init(_ text: String) throws(NameError) {
        let isWellFormed =
            (1...40).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isWellFormed else { throw NameError(.node, text) }
        description = text
    }

    public static func < (left: NodeName, right: NodeName) -> Bool { left.description < right.description }
}
