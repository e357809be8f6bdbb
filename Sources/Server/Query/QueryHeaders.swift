import Catalogue
import HTTPTypes
import ReadModels

/// What a request's headers say about the answer they want.
struct QueryHeaders: Sendable, Hashable {
    var accept: String?
    var language = Language.indonesian
    /// Entity tags that the client has already.
    var known: String?

    init(_ fields: HTTPFields) {
        accept = fields[.accept]
        known = fields[.ifNoneMatch]
        let first = fields[.acceptLanguage]?.split(separator: ",").first?.prefix(2).lowercased()
        if let first, let language = Language(rawValue: first) { self.language = language }
    }

    /// Whether the client has the answer with this tag (RFC 9110, 13.1.2: weak comparison).
    func knows(_ tag: String) -> Bool {
        (known ?? "").split(separator: ",").contains { candidate in
            let text = candidate.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            return text.elementsEqual("*") || text.elementsEqual(tag) || text.elementsEqual("W/" + tag)
        }
    }
}

extension AnswerFormat {
    /// The best format for an `Accept` header (RFC 9110, 12.5.1); JSON where anything will do, nil where none does.
    static func accepted(_ header: String?) -> AnswerFormat? {
        guard let header, !header.isEmpty else { return .json }
        var best: (format: AnswerFormat, quality: Double)?
        for range in header.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let type = parts.first, let format = AnswerFormat(mediaRange: type) else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            guard quality > 0, quality > best?.quality ?? 0 else { continue }
            best = (format, quality)
        }
        return best?.format
    }

    private init?(mediaRange: String) {
        switch mediaRange {
        case "*/*", "application/*", "application/json": self = .json
        case "application/x-ndjson", "application/ndjson": self = .ndjson
        case "text/csv": self = .csv
        case "text/plain", "text/*": self = .table
        default: return nil
        }
    }
}
