/// Which of a node's logs for one audience: `[a-z]{1,12}`. Lanes are separate logs, so that an urgent line never
/// waits behind a backlog.
public struct Lane: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let description: String

    public init(_ text: String) throws(NameError) {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy(letters.contains) else {
            throw NameError(.lane, text)
        }
        description = text
    }

    private init(known text: String) {
        description = text
    }

    public static let main = Lane(known: "main")
    public static let urgent = Lane(known: "urgent")
    /// What this node accepted from others; its audience is local.
    public static let intake = Lane(known: "intake")
    public static let bulk = Lane(known: "bulk")
    /// Who read whose data. Its lines can be neither corrected nor retracted.
    public static let audit = Lane(known: "audit")

    public static func < (left: Lane, right: Lane) -> Bool { left.description < right.description }
}
