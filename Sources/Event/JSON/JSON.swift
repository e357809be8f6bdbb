/// A JSON value that keeps what matters about its text: the order of members and the exact digits of decimals.
///
/// Two strings are equal when their UTF-8 bytes are. Swift's own `String ==` is canonical equivalence, under which
/// two different keys of one line could be "the same".
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// The number as written, such as `12.50`.
    case decimal(String)
    case string(String)
    case array([JSON])
    case object([JSONMember])
}

/// One member of an object.
public struct JSONMember: Sendable {
    public var key: String
    public var value: JSON

    public init(_ key: String, _ value: JSON) {
        self.key = key
        self.value = value
    }
}

extension JSON {
    /// The value of a member, or nil where this is no object or has no such member.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.hasSameBytes(as: key) }?.value
    }

    /// The element at an index, or nil where this is no array or is shorter.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    public var intValue: Int64? { if case .int(let value) = self { value } else { nil } }
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var objectValue: [JSONMember]? { if case .object(let value) = self { value } else { nil } }
    /// The digits of a number, whether it was written as an integer or as a decimal.
    public var numberText: String? {
        switch self {
        case .int(let value): String(value)
        case .decimal(let text): text
        default: nil
        }
    }
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// This object with a member replaced in place, added at the end, or (with nil) removed.
    /// A value that is no object becomes one.
    public func setting(_ key: String, to value: JSON?) -> JSON {
        var members = objectValue ?? []
        let position = members.firstIndex { $0.key.hasSameBytes(as: key) }
        switch (position, value) {
        case (let position?, let value?): members[position].value = value
        case (let position?, nil): members.remove(at: position)
        case (nil, let value?): members.append(JSONMember(key, value))
        case (nil, nil): break
        }
        return .object(members)
    }
}

extension JSON: Hashable {
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.decimal(let a), .decimal(let b)): a.hasSameBytes(as: b)
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .decimal(let value), .string(let value): value.hashBytes(into: &hasher)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

extension JSONMember: Hashable {
    public static func == (left: JSONMember, right: JSONMember) -> Bool {
        left.key.hasSameBytes(as: right.key) && left.value == right.value
    }

    public func hash(into hasher: inout Hasher) {
        key.hashBytes(into: &hasher)
        hasher.combine(value)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// Members keep the order of the literal.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }
}

extension String {
    /// Equality of the UTF-8 bytes, never canonical equivalence.
    ///
    /// Equal bytes have equal lengths and are canonically equal, and both are cheaper to see than the bytes: members are
    /// looked up by name, and nearly every name met is another one.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }

    func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8(0xff))
    }
}
