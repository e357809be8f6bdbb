/// One record of a CSV file, or why it could not be read.
struct CSVRecord: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case fields([String])
        case unreadable(CSVFault)
    }

    /// As a spreadsheet numbers it: the heading is row 1.
    let row: Int
    /// Line of the file on which it starts, from 1; ahead of `row` after fields with line breaks.
    let line: Int
    let content: Content
}

enum CSVFault: Sendable, Equatable {
    /// Something other than a delimiter follows a closing quote.
    case textAfterQuote
    /// A quote was opened and never closed: nothing after it can be told apart.
    case unclosedQuote
    case notUTF8
}

/// Reads RFC 4180, as forgiving as spreadsheets are: any line end, any delimiter, a byte order mark, quotes in the
/// middle of unquoted fields. A record that cannot be read does not take the next one with it.
struct CSVReader: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var position = 0
    private var row = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameter delimiter: nil takes whichever of `,` `;` and tab the first line has most of.
    init(_ bytes: [UInt8], delimiter: UInt8? = nil) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        self.delimiter = delimiter ?? CSVReader.guessDelimiter(bytes[position...])
    }

    static func guessDelimiter(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if byte == lineFeed || byte == carriageReturn { break }
            counts[byte, default: 0] += 1
        }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        // On a tie the first one stands: it is the usual one.
        return candidates.reduce(candidates[0]) { counts[$1, default: 0] > counts[$0, default: 0] ? $1 : $0 }
    }

    /// The next record; blank lines count as rows and are passed over.
    mutating func next() -> CSVRecord? {
        while position < bytes.count {
            row += 1
            let start = line
            if endLine() { continue }
            return CSVRecord(row: row, line: start, content: record())
        }
        return nil
    }

    private mutating func record() -> CSVRecord.Content {
        var fields: [String] = []
        var fault: CSVFault?
        while true {
            var field: [UInt8] = []
            if let found = read(into: &field) {
                fault = fault ?? found
                // What follows is skipped up to the end of the line, so that the next record starts well.
                while position < bytes.count, !isLineEnd { position += 1 }
            }
            if let text = String(validating: field, as: UTF8.self) {
                fields.append(text)
            } else {
                fault = fault ?? .notUTF8
            }
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        _ = endLine()
        return fault.map { .unreadable($0) } ?? .fields(fields)
    }

    private mutating func read(into field: inout [UInt8]) -> CSVFault? {
        guard position < bytes.count, bytes[position] == CSVReader.quote else {
            while position < bytes.count, bytes[position] != delimiter, !isLineEnd {
                field.append(bytes[position])
                position += 1
            }
            return nil
        }
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == CSVReader.lineFeed { line += 1 }
            guard byte == CSVReader.quote else {
                field.append(byte)
                continue
            }
            guard position < bytes.count else { return nil }
            if bytes[position] == CSVReader.quote {
                field.append(CSVReader.quote)
                position += 1
            } else {
                return bytes[position] == delimiter || isLineEnd ? nil : .textAfterQuote
            }
        }
        return .unclosedQuote
    }

    private var isLineEnd: Bool {
        bytes[position] == CSVReader.lineFeed || bytes[position] == CSVReader.carriageReturn
    }

    /// Steps over a line end, if there is one.
    private mutating func endLine() -> Bool {
        guard position < bytes.count, isLineEnd else { return false }
        let isReturn = bytes[position] == CSVReader.carriageReturn
        position += 1
        if isReturn, position < bytes.count, bytes[position] == CSVReader.lineFeed { position += 1 }
        line += 1
        return true
    }
}
