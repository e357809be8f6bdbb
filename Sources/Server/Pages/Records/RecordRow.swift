import Catalogue
import Event
import Node

/// A record in a list.
struct RecordRow {
    let rowHref: String
    let rowTitle: String
    let rowDate: String
    let rowSummary: String?
    let rowBand: BandView?
    let rowAuthor: String
    let isTakenBack: Bool
    let wasCorrected: Bool
    let rowPath: PathView

    init(_ record: Record, _ paths: LinePaths, _ words: Wording, _ authors: Authors) {
        rowHref = record.key.path
        rowTitle = record.type?.label[words.language] ?? record.line.type
        rowDate = words.dates.text(record.occurredAt)
        rowBand = BandView(record, words)
        rowSummary = Self.summary(record, words)
        rowAuthor = authors.name(of: record.line)
        isTakenBack = record.isRetracted
        wasCorrected = record.isCorrected
        rowPath = PathView(paths.path(record.key.log, branch: record.key.branch, record.key.sequence), words)
    }

    /// The first facts that say what kind of record it is: its codes.
    static func summary(_ record: Record, _ words: Wording) -> String? {
        let facts = (record.type?.fields ?? []).compactMap { field -> String? in
            guard case .code = field.kind, field.filledBy == nil, !field.isSecondary else { return nil }
            return words.value(record.data[field.name], of: field)
        }
        return facts.isEmpty ? nil : facts.prefix(3).joined(separator: " · ")
    }
}

/// A risk band as a coloured word.
struct BandView {
    let bandCode: String
    let bandLabel: String

    init?(code: String?, _ words: Wording) {
        guard let code, let label = words.code("RISK_BAND", code) else { return nil }
        bandCode = code
        bandLabel = label
    }

    init?(_ record: Record, _ words: Wording) {
        guard let field = record.type?.fields.first(where: { $0.filledBy == .riskBand }) else { return nil }
        self.init(code: record.data[field.name]?.stringValue, words)
    }
}

/// Who recorded a line: by name where the person has an account here, else by pseudonym and node.
struct Authors {
    private let names: [String: String]

    init(_ site: Site) throws {
        names = Dictionary(
            try site.accounts.list().map { ($0.actor, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    func name(of line: EventLine) -> String { names[line.actor] ?? "\(line.actor) · \(line.source.node)" }
}
