import Event

extension Condition {
    /// Reads `{"field": ["value", …], …}`; every field must be one of `fields`.
    init(reading node: SchemaNode, fields: Set<String>) throws(CatalogueError) {
        var terms: [Term] = []
        for (field, values) in try node.members() {
            guard fields.contains(field) else {
                throw values.error("There is no field \"\(field)\".", "Name a property of this type.")
            }
            var texts: [String] = []
            for value in try values.list() { texts.append(try value.scalarText()) }
            terms.append(Term(field: field, values: texts))
        }
        guard !terms.isEmpty else {
            throw node.error("The condition is empty.", "Name a field and its values.")
        }
        self.init(terms: terms)
    }

    /// Reads the `if` of an `allOf` entry: `properties` with `const`, `enum` or `contains`, all of them
    /// `required`.
    init(readingIf node: SchemaNode, fields: Set<String>) throws(CatalogueError) {
        _ = try node.members(allowed: ["properties", "required"])
        let required = Set(try node.required("required").texts())
        var terms: [Term] = []
        for (field, test) in try node.required("properties").members() {
            guard fields.contains(field) else {
                throw test.error("There is no field \"\(field)\".", "Name a property of this type.")
            }
            // Without this, JSON Schema holds the condition true when the field is absent.
            guard required.contains(field) else {
                throw test.error("\"\(field)\" is not in this condition's \"required\".", "Add it there.")
            }
            terms.append(Term(field: field, values: try Condition.values(of: test)))
        }
        guard !terms.isEmpty else {
            throw node.error("The condition is empty.", "Name a field and its values.")
        }
        self.init(terms: terms)
    }

    private static func values(of test: SchemaNode) throws(CatalogueError) -> [String] {
        _ = try test.members(allowed: ["const", "enum", "contains"])
        if let contained = test.optional("contains") { return try values(of: contained) }
        if let constant = test.optional("const") { return [try constant.scalarText()] }
        var texts: [String] = []
        for value in try test.required("enum").list() { texts.append(try value.scalarText()) }
        return texts
    }
}
