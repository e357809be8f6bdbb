/// Takes SQL apart into tokens, leaving out space and comments. Never fails: what it does not know is `foreign`.
struct SQLTokenizer {
    private let bytes: [UInt8]
    private var at = 0
    private var line: Int

    private init(_ sql: String, firstLine: Int) {
        bytes = Array(sql.utf8)
        line = firstLine
    }

    /// - Parameter firstLine: the number of the SQL's first line in its file.
    static func tokens(_ sql: String, firstLine: Int = 1) -> [SQLToken] {
        var tokenizer = SQLTokenizer(sql, firstLine: firstLine)
        var tokens: [SQLToken] = []
        while let token = tokenizer.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() -> SQLToken? {
        skipSpaceAndComments()
        guard at < bytes.count else { return nil }
        let start = at
        let startLine = line
        let kind = take()
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return SQLToken(
            kind: kind, text: kind == .word ? text.lowercased() : text, line: startLine, range: start..<at)
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        at + offset < bytes.count ? bytes[at + offset] : nil
    }

    private mutating func skipSpaceAndComments() {
        while let current = byte() {
            if current == UInt8(ascii: "\n") {
                line += 1
                at += 1
            } else if current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") || current == UInt8(ascii: "\r") {
                at += 1
            } else if current == UInt8(ascii: "-"), byte(1) == UInt8(ascii: "-") {
                while let comment = byte(), comment != UInt8(ascii: "\n") {
                    _ = comment
                    at += 1
                }
            } else {
                return
            }
        }
    }

    private mutating func take() -> SQLToken.Kind {
        let first = bytes[at]
        at += 1
        switch first {
        case UInt8(ascii: "'"):
            takeText()
            return .text
        case _ where Self.isLetter(first):
            take { Self.isLetter($0) || Self.isDigit($0) }
            return .word
        case _ where Self.isDigit(first):
            take { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: ".") }
            return .number
        case UInt8(ascii: ":"):
            take { Self.isLetter($0) || Self.isDigit($0) }
            return .parameter
        case _ where "(),;+-*/%=<>!|.&~".utf8.contains(first):
            takeSecondHalf(of: first)
            return .sign
        default:
            return .foreign
        }
    }

    private mutating func takeText() {
        while let current = byte() {
            at += 1
            if current == UInt8(ascii: "\n") { line += 1 }
            guard current == UInt8(ascii: "'") else { continue }
            guard byte() == UInt8(ascii: "'") else { return }
            at += 1
        }
    }

    /// `<=`, `>=`, `<>`, `!=`, `==`, `||`, `->`, `->>`
    private mutating func takeSecondHalf(of first: UInt8) {
        guard let second = byte() else { return }
        let pair = String(decoding: [first, second], as: UTF8.self)
        guard ["<=", ">=", "<>", "!=", "==", "||", "->"].contains(pair) else { return }
        at += 1
        if pair == "->", byte() == UInt8(ascii: ">") { at += 1 }
    }

    private mutating func take(while isPart: (UInt8) -> Bool) {
        while let current = byte(), isPart(current) { at += 1 }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension String {
    /// The SQL with some names replaced, all else as it is.
    func replacingNames(_ names: [String: String]) -> String {
        var result: [UInt8] = []
        let bytes = Array(utf8)
        var copied = 0
        for token in SQLTokenizer.tokens(self) where token.kind == .word {
            guard let name = names[token.text] else { continue }
            result += bytes[copied..<token.range.lowerBound]
            result += Array(name.utf8)
            copied = token.range.upperBound
        }
        result += bytes[copied...]
        return String(decoding: result, as: UTF8.self)
    }
}
