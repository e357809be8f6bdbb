/// One cell of a model: models hold integers and texts, never fractions.
public enum ModelValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)

    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    public var text: String? { if case .text(let value) = self { value } else { nil } }
    public var isNull: Bool { self == .null }

    /// Equal by UTF-8 bytes; Swift's own comparison of texts is canonical equivalence.
    public static func == (left: ModelValue, right: ModelValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let left), .integer(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .integer(let value): hasher.combine(value)
        case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
        }
    }
}

extension ModelValue: CustomStringConvertible {
    /// The value as text; nothing for null.
    public var description: String {
        switch self {
        case .null: ""
        case .integer(let value): String(value)
        case .text(let value): value
        }
    }
}

extension ModelValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }
}
