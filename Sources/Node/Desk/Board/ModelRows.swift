import Event
import ReadModels
import Store

/// Rows of a read model as the boards ask for them: of the reader's region, as of today. What is not for the reader's
/// role is empty.
struct ModelRows {
    private let answer: Answer?

    init(
        _ model: String, of node: Node, filters: [Filter] = [], sort: [SortKey] = [], limit: Int = 200, reader: Reader,
        today: LocalDay
    ) throws {
        let scope = node.own.region.isAtOrBelow(reader.region) ? node.own.region : reader.region
        do {
            answer = try node.modelReader.query(
                ModelQuery(
                    model, filters: filters, sort: sort, limit: limit, scope: scope, reader: reader, today: today))
        } catch ReadModelError.notAllowed {
            answer = nil
        }
    }

    var rows: [Row] {
        guard let answer else { return [] }
        return answer.rows.indices.map { Row(answer: answer, index: $0) }
    }

    struct Row {
        fileprivate let answer: Answer
        fileprivate let index: Int

        func text(_ column: String) -> String? { answer[index, column]?.text }
        func number(_ column: String) -> Int64? { answer[index, column]?.integer }
        func flag(_ column: String) -> Bool { number(column) == 1 }

        /// The record that the row was taken from.
        var record: RecordKey? {
            guard let log = text("log").flatMap({ try? LogName($0) }), let sequence = number("seq") else { return nil }
            return RecordKey(log: log, sequence: sequence)
        }
    }
}
