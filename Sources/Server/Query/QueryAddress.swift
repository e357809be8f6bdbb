import Catalogue
import ReadModels

/// Addresses of the query interface, as links on the pages and between pages of an answer.
enum QueryAddress {
    /// The address at which `query` is answered as a file.
    ///
    /// - Parameter cut: the cut of the answer on the screen, so that the file has the same figures.
    static func rows(of query: ModelQuery, cut: Int64, format: AnswerFormat, language: Language) -> String {
        var pairs: [(name: String, values: [String])] = query.filters.map { filter in
            let name = QueryOperator(filter.comparison).map { "\(filter.column).\($0.rawValue)" } ?? filter.column
            return (name, filter.values.map(\.description))
        }
        if !query.sort.isEmpty {
            pairs.append(("sort", query.sort.map { ($0.descending ? "-" : "") + $0.column }))
        }
        pairs.append(("as_of_cut", ["\(cut)"]))
        if let day = query.asOf.trueAt { pairs.append(("true_at", [day.description])) }
        pairs += [
            ("limit", ["\(QueryRequest.maximumLimit)"]), ("format", [format.rawValue]),
            ("language", [language.rawValue]),
        ]
        return "/q/v1/models/\(escaped(query.model))?" + joined(pairs)
    }

    /// `name=value,value&name=value`.
    static func joined(_ pairs: [(name: String, values: [String])]) -> String {
        pairs.map { escaped($0.name) + "=" + $0.values.map(escaped).joined(separator: ",") }.joined(separator: "&")
    }

    /// Percent-encoded except for what RFC 3986 calls unreserved.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}

extension QueryOperator {
    init?(_ comparison: Filter.Operator) {
        guard let found = Self.allCases.first(where: { $0.comparison == comparison }) else { return nil }
        self = found
    }
}
