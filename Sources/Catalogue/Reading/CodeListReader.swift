import Event

/// Reads a code list's file.
struct CodeListReader {
    func codeList(_ root: SchemaNode) throws(CatalogueError) -> CodeList {
        _ = try root.members(allowed: ["code_list", "version", "label", "source", "codes", "$comment"])
        var entries: [CodeList.Entry] = []
        var seen: Set<String> = []
        for node in try root.required("codes").list() {
            let entry = try entry(node)
            guard seen.insert(entry.code).inserted else {
                throw node.error(
                    "The code \"\(entry.code)\" stands here twice.", "Keep one; codes are never reused.")
            }
            entries.append(entry)
        }
        return CodeList(
            name: try root.required("code_list").text(), version: Int(try root.required("version").integer()),
            label: try root.required("label").localized(), source: try root.required("source").text(),
            entries: entries)
    }

    /// Every member beside `code` and `label` is an attribute that rules may ask for.
    private func entry(_ node: SchemaNode) throws(CatalogueError) -> CodeList.Entry {
        var attributes: [String: String] = [:]
        for (key, value) in try node.members() where key != "code" && key != "label" {
            attributes[key] = try value.text()
        }
        let code = try node.required("code")
        let text = try code.text()
        // Codes stand in lines, addresses and SQL: printable ASCII without spaces keeps them one thing
        // everywhere.
        guard text.utf8.count <= 60, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw code.error(
                "\"\(text)\" is no code.", "Use at most 60 printable ASCII characters, no spaces.")
        }
        return CodeList.Entry(
            code: text, label: try node.required("label").localized(), attributes: attributes)
    }
}
