import Event

/// Reads an event type's file. Code lists are read first, so that a field can name one.
struct EventTypeReader {
    static let keywords: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "type", "properties", "required", "allOf",
        "examples",
        "x-label", "x-about", "x-subject", "x-audience", "x-lane", "x-nodes", "x-roles", "x-offline",
        "x-occurred",
        "x-personal-key", "x-natural-key", "x-consent",
    ]

    let codeLists: [String: CodeList]

    func eventType(_ root: SchemaNode) throws(CatalogueError) -> EventType {
        _ = try root.members(allowed: EventTypeReader.keywords)
        let dialect = try root.required("$schema")
        guard try dialect.text() == "https://json-schema.org/draft/2020-12/schema" else {
            throw dialect.error("This is another dialect of JSON Schema.", "Use draft 2020-12.")
        }
        guard try root.required("type").text() == "object" else {
            throw root.error("An event's data is an object.", "Write \"type\": \"object\".")
        }
        let (name, version) = try identity(root.required("$id"))
        let fields = try fields(root)
        let names = Set(fields.map(\.name))
        return EventType(
            name: name, version: version, label: try root.required("x-label").localized(),
            about: try root.optional("x-about")?.localized(),
            subject: try subject(root.required("x-subject"), names),
            audience: try audience(root.required("x-audience"), names),
            lane: try lane(root.required("x-lane"), names),
            sensitivity: fields.map(\.sensitivity).max() ?? .public,
            offline: try root.required("x-offline").flag(),
            roles: try root.required("x-roles").texts(), nodes: try nodes(root.required("x-nodes")),
            occurredField: try known(root.optional("x-occurred"), names),
            keyHolderFields: try all(root.optional("x-personal-key"), names),
            fields: fields, example: try example(root),
            naturalKey: try all(root.optional("x-natural-key"), names),
            consent: try consent(root.optional("x-consent"), names))
    }

    /// `simpul:visit.recorded/1`
    private func identity(_ node: SchemaNode) throws(CatalogueError) -> (name: String, version: Int) {
        let text = try node.text()
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.hasPrefix("simpul:"), parts.count == 2, let version = Int(parts[1]), version >= 1,
            parts[1] == String(version)
        else { throw node.error("\"\(text)\" names no type and version.", "Write simpul:TYPE/VERSION.") }
        let name = String(parts[0].dropFirst("simpul:".count))
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count >= 2 else {
            throw node.error("\"\(name)\" is no name of a type.", "Write two words joined by a dot.")
        }
        for word in words {
            _ = try SchemaNode(file: node.file, pointer: node.pointer, value: .string(String(word))).name()
        }
        return (name, version)
    }

    private func fields(_ root: SchemaNode) throws(CatalogueError) -> [Field] {
        let members = try root.required("properties").members()
        let names = Set(members.map(\.key))
        let required = try all(root.optional("required"), names)
        let conditions = try conditions(root.optional("allOf"), names)
        let reader = FieldReader(codeLists: codeLists, siblings: names)
        var fields: [Field] = []
        for (name, node) in members {
            fields.append(
                try reader.field(
                    name, node, required: required.contains(name), requiredWhen: conditions[name] ?? [],
                    inherited: nil))
        }
        return fields
    }

    /// `allOf` holds conditional requirements only: `if` some fields have some values, `then` others are
    /// required.
    private func conditions(_ node: SchemaNode?, _ names: Set<String>) throws(CatalogueError) -> [String:
        [Condition]]
    {
        var conditions: [String: [Condition]] = [:]
        for rule in try node?.list() ?? [] {
            _ = try rule.members(allowed: ["if", "then", "$comment"])
            let condition = try Condition(readingIf: rule.required("if"), fields: names)
            let then = try rule.required("then")
            _ = try then.members(allowed: ["required"])
            for field in try all(then.required("required"), names) {
                conditions[field, default: []].append(condition)
            }
        }
        return conditions
    }

    private func subject(_ node: SchemaNode, _ names: Set<String>) throws(CatalogueError) -> EventType.Subject {
        _ = try node.members(allowed: ["kind", "field", "new"])
        return EventType.Subject(
            kind: try node.required("kind").name(), field: try known(node.optional("field"), names),
            isNew: try node.optional("new")?.flag() ?? false)
    }

    private func audience(_ node: SchemaNode, _ names: Set<String>) throws(CatalogueError)
        -> EventType.Audience
    {
        _ = try node.members(allowed: ["level", "field"])
        return EventType.Audience(
            level: try node.required("level").choice(of: EventType.Audience.Level.self),
            field: try known(node.optional("field"), names))
    }

    private func lane(_ node: SchemaNode, _ names: Set<String>) throws(CatalogueError) -> EventType.LaneChoice {
        _ = try node.members(allowed: ["usual", "except"])
        var choice = EventType.LaneChoice(usual: try laneName(node.required("usual")))
        for exception in try node.optional("except")?.list() ?? [] {
            _ = try exception.members(allowed: ["lane", "when"])
            choice.exceptions.append(
                EventType.LaneChoice.Exception(
                    lane: try laneName(exception.required("lane")),
                    when: try Condition(reading: exception.required("when"), fields: names)))
        }
        return choice
    }

    /// `{"purpose": "referral"}`, a code of PURPOSE, or `none`; `vital-when` as other conditions.
    private func consent(_ node: SchemaNode?, _ names: Set<String>) throws(CatalogueError) -> EventType.Consent {
        guard let node else { return EventType.Consent() }
        _ = try node.members(allowed: ["purpose", "vital-when"])
        var consent = EventType.Consent()
        if let purpose = node.optional("purpose") {
            let code = try purpose.text()
            guard code == "none" || codeLists["PURPOSE"].map({ $0[code] != nil }) ?? true else {
                throw purpose.error("\"\(code)\" is not a purpose.", "Use a code of PURPOSE, or none.")
            }
            consent.purpose = code == "none" ? nil : code
        }
        if let vital = node.optional("vital-when") {
            consent.vitalWhen = try Condition(reading: vital, fields: names)
        }
        return consent
    }

    private func laneName(_ node: SchemaNode) throws(CatalogueError) -> String {
        let text = try node.text()
        do {
            return try Lane(text).description
        } catch {
            throw node.error("\"\(text)\" is no lane.", "Use 1 to 12 letters a-z.")
        }
    }

    private func nodes(_ node: SchemaNode) throws(CatalogueError) -> Set<EventType.NodeKind> {
        var kinds: Set<EventType.NodeKind> = []
        for element in try node.list() { kinds.insert(try element.choice(of: EventType.NodeKind.self)) }
        guard !kinds.isEmpty else {
            throw node.error("Nobody may record it.", "Name at least one kind of node.")
        }
        return kinds
    }

    private func known(_ node: SchemaNode?, _ names: Set<String>) throws(CatalogueError) -> String? {
        guard let node else { return nil }
        let name = try node.text()
        guard names.contains(name) else {
            throw node.error("There is no field \"\(name)\".", "Name a property of this type.")
        }
        return name
    }

    private func all(_ node: SchemaNode?, _ names: Set<String>) throws(CatalogueError) -> [String] {
        var fields: [String] = []
        for element in try node?.list() ?? [] {
            if let name = try known(element, names) { fields.append(name) }
        }
        return fields
    }

    private func example(_ root: SchemaNode) throws(CatalogueError) -> JSON {
        let examples = try root.required("examples")
        guard let first = try examples.list().first, first.value.objectValue != nil else {
            throw examples.error("There is no example.", "Give one complete data object.")
        }
        return first.value
    }
}
