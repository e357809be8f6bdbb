import Catalogue

/// Ways to write an answer out. All are deterministic: equal answers give equal bytes.
public enum AnswerFormat: String, Sendable, Hashable, CaseIterable {
    /// Columns aligned for a terminal, completeness below.
    case table
    /// RFC 4180, safe to open in a spreadsheet.
    case csv
    /// One object: rows with columns, cut, completeness.
    case json
    /// One object a row.
    case ndjson

    public var contentType: String {
        switch self {
        case .table: "text/plain; charset=utf-8"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        }
    }
}

extension Answer {
    /// The answer in a format; headings in a language, values as they are.
    public func written(as format: AnswerFormat, language: Language = .indonesian) -> [UInt8] {
        switch format {
        case .table: Array(TableWriter(answer: self, language: language).text.utf8)
        case .csv: Array(CSVWriter(answer: self).text.utf8)
        case .json: JSONWriter(answer: self, language: language).document
        case .ndjson: JSONWriter(answer: self, language: language).rows
        }
    }
}
