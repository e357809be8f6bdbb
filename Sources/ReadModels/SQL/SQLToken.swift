/// One word, number, text or sign of a model's SQL, and where it stands.
struct SQLToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A name or keyword, unquoted.
        case word
        case number
        /// `'text'`, quotes included.
        case text
        /// `:name`
        case parameter
        /// An operator or a sign of punctuation.
        case sign
        /// What the subset has no use for: quoted names, stray bytes.
        case foreign
    }

    var kind: Kind
    /// Words in lower case; others as written.
    var text: String
    /// Counted from 1, in the file.
    var line: Int
    /// In the bytes of the SQL.
    var range: Range<Int>

    func `is`(_ text: String) -> Bool { self.text == text && kind != .text }
}
