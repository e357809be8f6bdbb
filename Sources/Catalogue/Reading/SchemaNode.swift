import Event

/// A value of a catalogue file together with its place, so that every refusal can name file and pointer.
struct SchemaNode {
    let file: String
    let pointer: String
    let value: JSON

    func error(_ what: String, _ fix: String) -> CatalogueError {
        CatalogueError(file: file, pointer: pointer, what: what, fix: fix)
    }

    /// The members of an object, refusing every keyword that is not listed.
    ///
    /// Unknown keywords are errors, not ignored: a misspelt `x-sensitivity` must never make a name readable.
    func members(allowed: Set<String>) throws(CatalogueError) -> [(key: String, node: SchemaNode)] {
        let all = try members()
        for (key, node) in all {
            guard allowed.contains(key) else {
                throw node.error(
                    "The keyword \"\(key)\" is not in the subset.",
                    "Use one of: \(allowed.sorted().joined(separator: ", ")).")
            }
        }
        return all
    }

    func members() throws(CatalogueError) -> [(key: String, node: SchemaNode)] {
        guard let members = value.objectValue else {
            throw error("This is not an object.", "Write { … } here.")
        }
        return members.map { ($0.key, child($0.key, $0.value)) }
    }

    func optional(_ key: String) -> SchemaNode? {
        value[key].map { child(key, $0) }
    }

    func required(_ key: String) throws(CatalogueError) -> SchemaNode {
        guard let node = optional(key) else { throw error("\"\(key)\" is missing.", "Add it.") }
        return node
    }

    func list() throws(CatalogueError) -> [SchemaNode] {
        guard let elements = value.arrayValue else { throw error("This is not a list.", "Write [ … ] here.") }
        return elements.enumerated().map { child(String($0.offset), $0.element) }
    }

    func text() throws(CatalogueError) -> String {
        guard let text = value.stringValue, !text.isEmpty else {
            throw error("This is not a text, or an empty one.", "Write a text in quotes.")
        }
        return text
    }

    func integer() throws(CatalogueError) -> Int64 {
        guard let number = value.intValue else {
            throw error("This is not an integer.", "Write a whole number.")
        }
        return number
    }

    func flag() throws(CatalogueError) -> Bool {
        guard let flag = value.boolValue else {
            throw error("This is not a boolean.", "Write true or false.")
        }
        return flag
    }

    /// A scalar as `Condition` compares it.
    func scalarText() throws(CatalogueError) -> String {
        guard let text = value.scalarText else {
            throw error("This is not a single value.", "Write a text, number or boolean.")
        }
        return text
    }

    func texts() throws(CatalogueError) -> [String] {
        var texts: [String] = []
        for node in try list() { texts.append(try node.text()) }
        return texts
    }

    func localized() throws(CatalogueError) -> LocalizedText {
        _ = try members(allowed: ["id", "en"])
        return LocalizedText(id: try required("id").text(), en: try required("en").text())
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        of type: Choice.Type
    ) throws(CatalogueError) -> Choice where Choice.RawValue == String {
        let text = try text()
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("\"\(text)\" is not known here.", "Use one of: \(known).")
        }
        return choice
    }

    /// A name that may become a column, a form input and a file name: ASCII, lower case.
    func name() throws(CatalogueError) -> String {
        let text = try text()
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isName =
            text.utf8.first.map(letters.contains) == true && text.utf8.count <= 60
            && text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
        guard isName else {
            throw error(
                "\"\(text)\" is not a name.", "Use a-z, 0-9 and _, starting with a letter, at most 60.")
        }
        return text
    }

    private func child(_ key: String, _ value: JSON) -> SchemaNode {
        SchemaNode(file: file, pointer: "\(pointer)/\(Self.escaped(key))", value: value)
    }

    /// A member's name as RFC 6901, section 3 writes it in a pointer.
    ///
    /// Every command reads the whole catalogue, and nearly no name needs this: look before splitting.
    private static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
        return key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }
}
