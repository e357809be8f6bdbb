import Event

/// A condition on sibling fields: each named field must hold one of the listed values.
///
/// Values are compared as text: a code by its code, a boolean as `true` or `false`, an integer in decimal. A
/// field holding several codes fulfils its term when any of them is listed.
public struct Condition: Sendable, Hashable {
    public struct Term: Sendable, Hashable {
        public var field: String
        public var values: [String]

        public init(field: String, values: [String]) {
            self.field = field
            self.values = values
        }
    }

    /// All terms must hold.
    public var terms: [Term]

    public init(terms: [Term]) {
        self.terms = terms
    }

    /// Whether it holds for an event's `data`. A field that is absent fulfils nothing.
    public func holds(in data: JSON) -> Bool {
        terms.allSatisfy { term in
            guard let value = data[term.field] else { return false }
            return (value.arrayValue ?? [value]).contains { element in
                guard let text = element.scalarText else { return false }
                return term.values.contains(text)
            }
        }
    }
}

extension JSON {
    /// A scalar as conditions write it; nil for null, arrays and objects.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .int, .decimal: numberText
        case .null, .array, .object: nil
        }
    }
}
