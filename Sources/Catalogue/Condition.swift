/// A condition on sibling fields: each named field must hold one of the listed values.
///
/// Values are compared as text: a code by its code, a boolean as `true` or `false`, an integer in decimal. A field
/// holding several codes fulfils its term when any of them is listed.
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
}
