/// Writes RFC 4180: a heading with column names, CRLF after each record, quotes where needed.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe in front, after which every spreadsheet
/// shows it as text. Numbers are numbers.
struct CSVWriter {
    let answer: Answer

    var text: String {
        let heading = answer.columns.map { Self.field(.text($0.name)) }.joined(separator: ",")
        let records = answer.rows.map { $0.map(Self.field).joined(separator: ",") }
        return ([heading] + records).map { $0 + "\r\n" }.joined()
    }

    static func field(_ value: ModelValue) -> String {
        switch value {
        case .null: return ""
        case .integer(let number): return String(number)
        case .text(let text):
            let safe = text.isFormula ? "'" + text : text
            guard safe.utf8.contains(where: { Self.quoted.contains($0) }) else { return safe }
            return "\"" + safe.replacing("\"", with: "\"\"") + "\""
        }
    }

    private static let quoted: Set<UInt8> = Set("\",\r\n\t'".utf8).union(" ".utf8)
}

extension String {
    /// Whether a spreadsheet would compute it: =, +, -, @, also in full width, and tab and line ends start formulas
    /// (OWASP, CSV Injection).
    fileprivate var isFormula: Bool { unicodeScalars.first.map("=+-@\t\r\n＝＋－＠".unicodeScalars.contains) ?? false }
}
