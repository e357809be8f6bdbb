/// The attribute that names an event's type and the version its data follows: `simpul:visit.recorded/2`.
enum DataSchema {
    static func text(type: String, version: Int) -> String { "simpul:\(type)/\(version)" }

    /// The version, 1 to 999,999, where the text names this type; nil otherwise.
    static func version(in text: String, type: String) -> Int? {
        let prefix = Array("simpul:\(type)/".utf8)
        guard text.utf8.starts(with: prefix) else { return nil }
        let digits = text.utf8.dropFirst(prefix.count)
        guard digits.count <= 6, let version = SequenceNumber.parse(digits), version > 0 else { return nil }
        return Int(version)
    }

    /// Whether a text is a type's name: two or more words of a-z, 0-9 and _, each starting with a letter, joined by
    /// dots.
    static func isTypeName(_ text: String) -> Bool {
        let words = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return words.count >= 2 && words.allSatisfy(isWord)
    }

    private static func isWord(_ word: some Collection<UInt8>) -> Bool {
        guard let first = word.first, isLetter(first) else { return false }
        return word.allSatisfy { byte in
            isLetter(byte) || byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
}
