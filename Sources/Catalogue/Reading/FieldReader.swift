import Event

/// Reads one property of an event type's schema.
///
/// The subset is small on purpose: whatever a schema can say must have a form control, a check, a column and
/// a sentence of documentation. `docs/catalogue.md` states it for authors.
struct FieldReader {
    static let annotations: Set<String> = [
        "x-label", "x-hint", "x-sensitivity", "x-specific", "x-more", "x-visible-when", "x-filled-by",
        "x-control",
        "x-check", "x-not-before",
    ]
    static let shape: Set<String> = [
        "type", "format", "maxLength", "minimum", "maximum", "multipleOf", "items", "uniqueItems", "maxItems",
        "properties", "required", "x-kind", "x-codes", "x-entity", "x-level", "x-multiline",
    ]

    let codeLists: [String: CodeList]
    /// All fields of the same object, for conditions.
    let siblings: Set<String>

    /// - Parameter inherited: the sensitivity of the enclosing field; its members must not differ.
    func field(
        _ name: String, _ node: SchemaNode, required: Bool, requiredWhen: [Condition], inherited: Sensitivity?
    ) throws(CatalogueError) -> Field {
        _ = try SchemaNode(file: node.file, pointer: node.pointer, value: .string(name)).name()
        if ["personal", "sealed"].contains(name) {
            throw node.error("\"\(name)\" is a reserved member of data.", "Choose another name.")
        }
        _ = try node.members(allowed: FieldReader.annotations.union(FieldReader.shape).union(["$comment"]))
        let sensitivity = try sensitivity(of: node, inherited: inherited)
        let kind = try kind(of: node, sensitivity: sensitivity)
        var field = Field(
            name: name, kind: kind, label: try node.required("x-label").localized(), required: required,
            requiredWhen: requiredWhen, sensitivity: sensitivity)
        field.hint = try node.optional("x-hint")?.localized()
        field.visibleWhen = try condition(node.optional("x-visible-when"))
        field.isSpecific = try node.optional("x-specific")?.flag() ?? false
        field.isSecondary = try node.optional("x-more")?.flag() ?? false
        field.notBefore = try sibling(node.optional("x-not-before"))
        field.check = try node.optional("x-check")?.choice(of: FieldCheck.self)
        field.filledBy = try node.optional("x-filled-by")?.choice(of: Filler.self)
        field.control = try node.optional("x-control")?.choice(of: FormControl.self)
        field.options = options(of: kind)
        return field
    }

    private func sensitivity(of node: SchemaNode, inherited: Sensitivity?) throws(CatalogueError)
        -> Sensitivity
    {
        guard let inherited else { return try node.required("x-sensitivity").choice(of: Sensitivity.self) }
        // The enclosing member is encrypted or readable as a whole.
        if let own = try node.optional("x-sensitivity")?.choice(of: Sensitivity.self), own != inherited {
            throw node.error("A member is not as sensitive as its enclosing field.", "Set it on that field.")
        }
        return inherited
    }

    private func condition(_ node: SchemaNode?) throws(CatalogueError) -> Condition? {
        guard let node else { return nil }
        return try Condition(reading: node, fields: siblings)
    }

    private func sibling(_ node: SchemaNode?) throws(CatalogueError) -> String? {
        guard let node else { return nil }
        let name = try node.text()
        guard siblings.contains(name) else {
            throw node.error("There is no field \"\(name)\".", "Name a sibling.")
        }
        return name
    }

    private func options(of kind: FieldKind) -> [CodeList.Entry] {
        switch kind {
        case .code(let list), .codes(let list): codeLists[list]?.entries ?? []
        default: []
        }
    }
}

extension FieldReader {
    private func kind(of node: SchemaNode, sensitivity: Sensitivity) throws(CatalogueError) -> FieldKind {
        if try node.optional("x-kind")?.text() == "any" { return .anyValue }
        let type = try node.required("type")
        switch try type.text() {
        case "string": return try stringKind(node)
        case "integer": return try integerKind(node)
        case "number": return try decimalKind(node)
        case "boolean": return .boolean
        case "array": return try arrayKind(node, sensitivity)
        case "object":
            guard node.optional("properties") != nil else { return .anyObject }
            return .object(fields: try fields(of: node, sensitivity))
        default:
            throw type.error(
                "This type is not in the subset.", "Use string, integer, number, boolean, array or object.")
        }
    }

    private func stringKind(_ node: SchemaNode) throws(CatalogueError) -> FieldKind {
        if let list = node.optional("x-codes") { return .code(list: try codeList(list)) }
        if let format = node.optional("format") {
            switch try format.text() {
            case "date": return .date(truncatable: false)
            case "date-time": return .dateTime
            case "uuid": return .identifier(entity: try node.optional("x-entity")?.text())
            default: throw format.error("This format is not in the subset.", "Use date, date-time or uuid.")
            }
        }
        guard let kind = node.optional("x-kind") else {
            return .text(
                maxLength: Int(try node.required("maxLength").integer()),
                multiline: try node.optional("x-multiline")?.flag() ?? false)
        }
        switch try kind.text() {
        case "partial-date": return .date(truncatable: true)
        case "month": return .month
        case "region": return .region(level: try level(node.optional("x-level")))
        case "reference": return .reference
        default:
            throw kind.error(
                "This kind of text is not known.",
                "Use partial-date, month, region or reference, or leave it out.")
        }
    }

    private func integerKind(_ node: SchemaNode) throws(CatalogueError) -> FieldKind {
        let (min, max) = (try node.optional("minimum")?.integer(), try node.optional("maximum")?.integer())
        guard let kind = node.optional("x-kind") else { return .integer(min: min, max: max) }
        guard try kind.text() == "money" else {
            throw kind.error("This kind of integer is not known.", "Use money.")
        }
        return .money(min: min, max: max)
    }

    private func decimalKind(_ node: SchemaNode) throws(CatalogueError) -> FieldKind {
        let step = try node.required("multipleOf")
        guard let text = step.value.numberText, let scale = Decimals.scale(ofStep: text) else {
            throw step.error("The step is not a power of ten below one.", "Write 0.1, 0.01 and so on.")
        }
        var bounds: [String: String] = [:]
        for key in ["minimum", "maximum"] {
            guard let bound = node.optional(key) else { continue }
            guard let number = bound.value.numberText else {
                throw bound.error("This is not a number.", "Write one.")
            }
            bounds[key] = number
        }
        return .decimal(scale: scale, min: bounds["minimum"], max: bounds["maximum"])
    }

    private func arrayKind(_ node: SchemaNode, _ sensitivity: Sensitivity) throws(CatalogueError) -> FieldKind {
        let items = try node.required("items")
        _ = try items.members(allowed: FieldReader.shape)
        if let list = items.optional("x-codes") { return .codes(list: try codeList(list)) }
        if try items.optional("format")?.text() == "uuid" {
            return .identifiers(entity: try items.optional("x-entity")?.text())
        }
        guard items.optional("properties") != nil else {
            throw items.error(
                "Lists hold codes, identifiers or objects.", "Give x-codes, format uuid or properties.")
        }
        return .objects(
            fields: try fields(of: items, sensitivity), maxItems: Int(try node.required("maxItems").integer())
        )
    }

    private func fields(of node: SchemaNode, _ sensitivity: Sensitivity) throws(CatalogueError) -> [Field] {
        let members = try node.required("properties").members()
        let names = Set(members.map(\.key))
        let required = Set(try node.optional("required")?.texts() ?? [])
        if let unknown = required.subtracting(names).sorted().first {
            throw node.error("\"\(unknown)\" is required but no property.", "Add the property.")
        }
        let reader = FieldReader(codeLists: codeLists, siblings: names)
        var fields: [Field] = []
        for (name, member) in members {
            fields.append(
                try reader.field(
                    name, member, required: required.contains(name), requiredWhen: [], inherited: sensitivity)
            )
        }
        return fields
    }

    private func codeList(_ node: SchemaNode) throws(CatalogueError) -> String {
        let name = try node.text()
        guard codeLists[name] != nil else {
            throw node.error("There is no code list \"\(name)\".", "Add codelists/\(name).json.")
        }
        return name
    }

    private func level(_ node: SchemaNode?) throws(CatalogueError) -> RegionCode.Level? {
        guard let node else { return nil }
        switch try node.text() {
        case "nation": return .nation
        case "province": return .province
        case "regency": return .regency
        case "district": return .district
        case "village": return .village
        default: throw node.error("This is no level.", "Use nation, province, regency, district or village.")
        }
    }
}
