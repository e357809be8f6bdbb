/// A code list: the values a field may choose from, with their labels.
public struct CodeList: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var code: String
        public var label: LocalizedText
        /// Further facts about the code that rules use, e.g. `class` = `non_work` of a visa.
        public var attributes: [String: String]

        public init(code: String, label: LocalizedText, attributes: [String: String] = [:]) {
            self.code = code
            self.label = label
            self.attributes = attributes
        }

        /// Kept to read old records, no longer offered: a code is never removed or given another meaning.
        public var isRetired: Bool { attributes["retired"] == "yes" }
    }

    public var name: String
    public var version: Int
    public var label: LocalizedText
    /// Where the list comes from.
    public var source: String
    public var entries: [Entry]

    public init(name: String, version: Int, label: LocalizedText, source: String, entries: [Entry]) {
        self.name = name
        self.version = version
        self.label = label
        self.source = source
        self.entries = entries
    }

    public subscript(code: String) -> Entry? { entries.first { $0.code == code } }
}
