import Event

/// Reads the access policy's file. Code lists are read first: a rule may name codes by a mark they carry.
struct AccessPolicyReader {
    let codeLists: [String: CodeList]

    func policy(_ root: SchemaNode) throws(CatalogueError) -> AccessPolicy {
        _ = try root.members(allowed: ["access", "version", "topics", "roles", "conflict", "$comment"])
        var topics: [AccessPolicy.Topic] = []
        for node in try root.required("topics").list() { topics.append(try topic(node)) }
        let names = Set(topics.map(\.name))
        guard names.contains(AccessPolicy.otherTopic), names.count == topics.count else {
            throw root.error(
                "The topics are not each named once, with \"\(AccessPolicy.otherTopic)\" among them.",
                "Name each once; models that name no topic belong to \"\(AccessPolicy.otherTopic)\".")
        }
        var roles: [AccessPolicy.Role] = []
        for node in try root.required("roles").list() { roles.append(try role(node, names)) }
        return AccessPolicy(topics: topics, roles: roles, conflict: try conflict(root.required("conflict"), names))
    }

    private func topic(_ node: SchemaNode) throws(CatalogueError) -> AccessPolicy.Topic {
        _ = try node.members(allowed: ["topic", "label", "open", "subjects", "events", "through"])
        var through: AccessPolicy.Through?
        if let place = node.optional("through") {
            _ = try place.members(allowed: ["column", "model"])
            through = .init(
                column: try place.required("column").name(), model: try place.required("model").name())
        }
        return AccessPolicy.Topic(
            name: try node.required("topic").name(), label: try node.required("label").localized(),
            isOpen: try node.optional("open")?.flag() ?? false,
            subjects: Set(try node.optional("subjects")?.texts() ?? []),
            events: Set(try node.optional("events")?.texts() ?? []), through: through)
    }

    private func role(_ node: SchemaNode, _ topics: Set<String>) throws(CatalogueError) -> AccessPolicy.Role {
        _ = try node.members(allowed: ["role", "purpose", "sees"])
        let code = try known(node.required("role"), in: "ROLE")
        let purpose = try known(node.required("purpose"), in: "READ_PURPOSE")
        var grants: [String: AccessPolicy.Grant] = [:]
        for (topic, node) in try node.required("sees").members() {
            try check(topic, node, topics)
            grants[topic] = try grant(node)
        }
        return AccessPolicy.Role(code: code, purpose: purpose, grants: grants)
    }

    private func conflict(
        _ node: SchemaNode, _ topics: Set<String>
    ) throws(CatalogueError) -> AccessPolicy.Conflict {
        _ = try node.members(allowed: ["roles", "limits", "$comment"])
        var limits: [String: AccessPolicy.Grant?] = [:]
        for (topic, node) in try node.required("limits").members() {
            try check(topic, node, topics)
            limits.updateValue(node.value == .string("nothing") ? nil : try grant(node), forKey: topic)
        }
        return AccessPolicy.Conflict(roles: Set(try node.required("roles").texts()), limits: limits)
    }

    private func check(_ topic: String, _ node: SchemaNode, _ topics: Set<String>) throws(CatalogueError) {
        guard topics.contains(topic) else {
            throw node.error(
                "There is no topic \"\(topic)\".", "Use one of: \(topics.sorted().joined(separator: ", ")).")
        }
    }

    private func grant(_ node: SchemaNode) throws(CatalogueError) -> AccessPolicy.Grant {
        _ = try node.members(allowed: ["without", "only", "never"])
        return AccessPolicy.Grant(
            hidden: Set(try node.optional("without")?.texts() ?? []), only: try rules(node.optional("only")),
            never: try rules(node.optional("never")))
    }

    private func rules(_ node: SchemaNode?) throws(CatalogueError) -> [AccessPolicy.Rule] {
        var rules: [AccessPolicy.Rule] = []
        for node in try node?.list() ?? [] {
            _ = try node.members(allowed: ["column", "is", "starts", "list", "marked"])
            var rule = AccessPolicy.Rule(
                column: try node.required("column").name(), values: try node.optional("is")?.texts() ?? [],
                prefixes: try node.optional("starts")?.texts() ?? [])
            if let list = node.optional("list") { rule.values += try marked(list, node.required("marked")) }
            // A rule without values would let all or nothing through by accident.
            guard !rule.values.isEmpty || !rule.prefixes.isEmpty else {
                throw node.error("The rule names no values.", "Give \"is\", \"starts\", or \"list\" with \"marked\".")
            }
            rules.append(rule)
        }
        return rules
    }

    /// Codes of a list whose attribute of that name is `yes`.
    private func marked(_ list: SchemaNode, _ mark: SchemaNode) throws(CatalogueError) -> [String] {
        let (name, mark) = (try list.text(), try mark.text())
        guard let entries = codeLists[name]?.entries else {
            throw list.error("There is no code list \(name).", "Install it, or name another.")
        }
        return entries.filter { $0.attributes[mark] == "yes" }.map(\.code)
    }

    private func known(_ node: SchemaNode, in list: String) throws(CatalogueError) -> String {
        let code = try node.text()
        guard let codes = codeLists[list]?.entries.map(\.code), codes.contains(code) else {
            throw node.error("\"\(code)\" is no code of the list \(list).", "Add it there, or name another.")
        }
        return code
    }
}
