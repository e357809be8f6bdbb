import Catalogue
import Crypto
import Event
import Foundation
import Store

/// Brings the rows of a file in as records, so that doing it again adds nothing.
public struct Importer {
    public struct Options: Sendable {
        /// Name of where the rows come from: the same rows under another name are other facts.
        public var source: String
        /// All rows or none.
        public var isStrict: Bool
        /// Check only.
        public var isDryRun: Bool
        /// Column of a CSV file to field; an empty field leaves the column out.
        public var columns: [String: String]
        /// Nil: found out from the heading.
        public var delimiter: UInt8?

        public init(
            source: String = "import", isStrict: Bool = false, isDryRun: Bool = false, columns: [String: String] = [:],
            delimiter: UInt8? = nil
        ) {
            self.source = source
            self.isStrict = isStrict
            self.isDryRun = isDryRun
            self.columns = columns
            self.delimiter = delimiter
        }
    }

    public enum Format: Sendable { case csv, ndjson }

    public struct BadRow: Sendable {
        public let row: Int
        public let line: Int
        public let problems: [Problem]
    }

    public struct Report: Sendable {
        /// Rows recorded by this import; with `isDryRun` or a failed strict one, those that would have been.
        public var imported = 0
        /// Rows that were here before, or twice in the file.
        public var known = 0
        public var bad: [BadRow] = []
        /// False when nothing was saved.
        public var isSaved = true
    }

    /// Lines of one transaction.
    static let batch = 500

    private struct Ready {
        let row: ImportRow
        let draft: Draft
    }

    private let node: Node
    private let builder: DraftBuilder
    private let options: Options
    private let secret: SymmetricKey

    /// - Throws: `NodeError` when the type is not recorded here, or `source` is no name.
    public init(node: Node, type: String, author: Author, options: Options) throws {
        self.node = node
        self.options = options
        builder = try DraftBuilder(node: node, type: type, author: author)
        let isName = options.source.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isName, (1...40).contains(options.source.utf8.count) else {
            throw NodeError(
                .badInput, "“\(options.source)” is no name of a source",
                advice: "write 1 to 40 small letters, digits, points or hyphens, e.g. buku-desa")
        }
        secret = try ImportSecret.load(node.folder, keeper: node.vault)
    }

    /// Imports a file's bytes.
    ///
    /// - Parameter progress: called with the number of rows looked at so far.
    /// - Throws: `NodeError` when the file as a whole cannot be read; `StoreError` when the disk fails: what was
    ///   recorded by then stays, and importing again goes on from there.
    public func run(
        _ bytes: [UInt8], format: Format, progress: (Int) -> Void = { _ in }
    ) throws -> Report {
        let rows = try rows(bytes, format)
        if options.isStrict {
            let trial = try pass(rows, saves: false, progress: { _ in })
            guard trial.bad.isEmpty else { return trial }
        }
        return try pass(rows, saves: !options.isDryRun, progress: progress)
    }

    private func rows(_ bytes: [UInt8], _ format: Format) throws -> any Sequence<ImportRow> {
        switch format {
        case .ndjson: return NDJSONImport(bytes, type: builder.type)
        case .csv:
            let form = FormReader(offsetMinutes: node.timeZone.secondsFromGMT(for: node.now()) / 60)
            return try CSVImport(
                bytes, type: builder.type, form: form, delimiter: options.delimiter, wishes: options.columns)
        }
    }

    private func pass(_ rows: any Sequence<ImportRow>, saves: Bool, progress: (Int) -> Void) throws -> Report {
        var report = Report()
        report.isSaved = saves
        var ledger = try ImportLedger(node.store)
        var ready: [Ready] = []
        var seen = 0
        for row in rows {
            seen += 1
            if let one = look(at: row, &ledger, &report) { ready.append(one) }
            if ready.count == Self.batch {
                try save(&ready, saves, &report)
                progress(seen)
            }
        }
        try save(&ready, saves, &report)
        return report
    }

    private func look(at row: ImportRow, _ ledger: inout ImportLedger, _ report: inout Report) -> Ready? {
        let entry: Entry
        switch row.content {
        case .success(let read): entry = read
        case .failure(let error):
            report.bad.append(BadRow(row: row.row, line: row.line, problems: error.problems))
            return nil
        }
        let key = DedupeKey(of: entry, type: builder.type, source: options.source, secret: secret)
        switch ledger.standing(key) {
        case .held:
            report.known += 1
            return nil
        case .changed(let place):
            report.bad.append(BadRow(row: row.row, line: row.line, problems: [.changedSince(place)]))
            return nil
        case .new: break
        }
        let (draft, problems) = builder.draft(of: entry, newSubject: { key.subject })
        guard var draft else {
            report.bad.append(BadRow(row: row.row, line: row.line, problems: problems))
            return nil
        }
        draft.dedupeKey = key.description
        ledger.note(key, at: "row \(row.row)")
        return Ready(row: row, draft: draft)
    }

    private func save(_ ready: inout [Ready], _ saves: Bool, _ report: inout Report) throws {
        defer { ready = [] }
        guard saves, !ready.isEmpty else {
            for (one, problems) in zip(ready, try node.recorder.consentProblems(ready.map(\.draft))) {
                guard !problems.isEmpty else {
                    report.imported += 1
                    continue
                }
                report.bad.append(BadRow(row: one.row.row, line: one.row.line, problems: problems))
            }
            return
        }
        do {
            try node.recorder.record(ready.map(\.draft))
            report.imported += ready.count
        } catch let error where Self.isAboutRows(error) {
            // One row spoils the transaction: found by recording them one by one.
            for one in ready { try save(one, &report) }
        }
    }

    private func save(_ one: Ready, _ report: inout Report) throws {
        do {
            try node.recorder.record(one.draft)
            report.imported += 1
        } catch let error where Self.isAboutRows(error) {
            let problems = (error as? InvalidDraft)?.problems ?? [.notRecorded("\(error)")]
            report.bad.append(BadRow(row: one.row.row, line: one.row.line, problems: problems))
        }
    }

    /// Whether an error is about what was to be written, not about the disk.
    private static func isAboutRows(_ error: any Error) -> Bool {
        switch error {
        case is InvalidDraft, is EventLineError, is NameError, is JSONError: true
        case let error as NodeError: error.kind == .badInput
        case StoreError.invalid: true
        default: false
        }
    }
}
