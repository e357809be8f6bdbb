import Event
import ReadModels
import Store

/// Rows of a read model as the boards ask for them: of this node's region, as of today.
struct ModelRows {
    private let answer: Answer

    init(
        _ model: String, of node: Node, filters: [Filter] = [], sort: [SortKey] = [], limit: Int = 200, today: LocalDay
    ) throws {
        answer = try node.modelReader.query(
            ModelQuery(
                model, filters: filters, sort: sort, limit: limit, scope: node.own.region, today: today))
    }

    var rows: [Row] { answer.rows.indices.map { Row(answer: answer, index: $0) } }

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
