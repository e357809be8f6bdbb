import Event
import Foundation
import ReadModels

/// A question as the page's form sends it.
struct PageQuery {
    /// Rows of a page on the screen; a file has all.
    static let rows = 200

    let query: ModelQuery
    /// Columns to show; empty: all.
    let columns: [String]

    /// - Throws: what cannot be read, in words for the one who asked.
    init(
        _ form: FormBody, model: ModelInfo, scope: RegionCode, reader: Reader, today: LocalDay, _ words: Wording
    ) throws(Refusal) {
        var query = ModelQuery(
            model.name, limit: Self.rows, cursor: form["next"], scope: scope, reader: reader, today: today)
        do {
            for part in Self.parts(form["filter"], at: [";", "\n"]) { query.filters.append(try Filter(parsing: part)) }
        } catch {
            throw Refusal(text: words("query.badFilter", ["reason": "\(error)"]))
        }
        query.sort = Self.parts(form["sort"], at: [","]).map { SortKey(parsing: $0) }
        columns = Self.parts(form["columns"], at: [",", " "])
        if let text = form["cut"] {
            guard let cut = Int64(text), cut >= 0 else { throw Refusal(text: words("query.badCut", ["text": text])) }
            query.asOf.cut = cut
        }
        if let text = form["true_at"] {
            guard let day = LocalDay(text) else { throw Refusal(text: words("query.badDay", ["text": text])) }
            query.asOf.trueAt = day
        }
        let known = model.columns.map(\.name)
        let named = query.filters.map(\.column) + query.sort.map(\.column) + columns
        if let unknown = named.first(where: { !known.contains($0) }) {
            throw Refusal(
                text: words("query.badColumn", ["column": unknown, "columns": known.joined(separator: ", ")]))
        }
        self.query = query
    }

    /// Why a question was not asked.
    struct Refusal: Error {
        let text: String
    }

    func shows(_ column: ModelColumn) -> Bool { columns.isEmpty || columns.contains(column.name) }

    private static func parts(_ text: String?, at marks: Set<Character>) -> [String] {
        (text ?? "").split { marks.contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
