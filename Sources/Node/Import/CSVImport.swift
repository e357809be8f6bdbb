import Catalogue
import Event

/// Rows of a CSV file as entries.
struct CSVImport: Sequence, IteratorProtocol {
    private var reader: CSVReader
    private let type: EventType
    private let form: FormReader
    private let map: ColumnMap

    /// - Throws: `NodeError` when there is no heading, or it has columns without a place.
    init(
        _ bytes: [UInt8], type: EventType, form: FormReader, delimiter: UInt8?, wishes: [String: String]
    ) throws(NodeError) {
        reader = CSVReader(bytes, delimiter: delimiter)
        self.type = type
        self.form = form
        guard let first = reader.next(), case .fields(let header) = first.content else {
            throw NodeError(
                .badInput, "the file has no heading that can be read",
                advice: "its first row names the columns, in UTF-8")
        }
        map = try ColumnMap(header: header, type: type, wishes: wishes)
    }

    mutating func next() -> ImportRow? {
        guard let record = reader.next() else { return nil }
        return ImportRow(row: record.row, line: record.line, content: content(record))
    }

    private func content(_ record: CSVRecord) -> Result<Entry, ImportRowError> {
        switch record.content {
        case .unreadable(let fault): .failure(ImportRowError([.unreadable(fault)]))
        case .fields(let cells) where cells.count != map.targets.count:
            .failure(ImportRowError([.wrongColumns(cells.count, expected: map.targets.count)]))
        case .fields(let cells): .success(entry(cells))
        }
    }

    private func entry(_ cells: [String]) -> Entry {
        var entry = Entry(data: .object([]))
        var texts: [String: [String]] = [:]
        for (target, cell) in zip(map.targets, cells) where !cell.allSatisfy(\.isWhitespace) {
            switch target {
            case .field(let name): texts[name] = [cell]
            case .subject: entry.subject = cell
            case .occurredAt: entry.occurredAt = cell
            case .audience: entry.audience = cell
            case .ignored: break
            }
        }
        entry.data = form.data(for: type, from: texts)
        return entry
    }
}
