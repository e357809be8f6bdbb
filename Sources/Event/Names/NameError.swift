/// A name that is not written as it must be.
public struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable {
        case region, node, epoch, lane, audience, log
        case lineReference = "line-reference"
    }

    public var kind: Kind
    /// The text refused, cut to 80 characters.
    public var text: String

    init(_ kind: Kind, _ text: some StringProtocol) {
        self.kind = kind
        self.text = String(text.prefix(80))
    }

    public var description: String {
        "“\(text)” is not a \(kind.rawValue): \(rule)."
    }

    private var rule: String {
        switch kind {
        case .region: "write id, 36, 36.04, 36.04.13 or 36.04.13.2007"
        case .node: "use 1 to 40 of a-z, 0-9 and -, starting with a letter or digit"
        case .epoch: "write 16 lower-case hexadecimal digits"
        case .lane: "use 1 to 12 of a-z"
        case .audience: "write a region code, or local"
        case .log: "write NODE/AUDIENCE:LANE/EPOCH"
        case .lineReference: "write LOG#SEQUENCE~HASH, the hash in 64 lower-case hexadecimal digits"
        }
    }
}
