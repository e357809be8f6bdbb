/// A condition on one column: only rows that meet every filter are in the answer.
public struct Filter: Hashable, Sendable {
    public enum Operator: String, Hashable, Sendable, CaseIterable {
        /// Equal to one of the values.
        case equal = "="
        /// Equal to none of the values; empty cells are not equal to anything.
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        /// Starts with one of the values, byte by byte.
        case prefix = "^="
    }

    public var column: String
    public var comparison: Operator
    /// One or more; a null value means an empty cell.
    public var values: [ModelValue]

    public init(_ column: String, _ comparison: Operator = .equal, _ values: ModelValue...) {
        self.init(column, comparison, values)
    }

    public init(_ column: String, _ comparison: Operator, _ values: [ModelValue]) {
        self.column = column
        self.comparison = comparison
        self.values = values
    }

    /// Reads `band=high,critical`, `month>=2026-01` or `closed_on=` (empty), as the command and the HTTP interface
    /// write it. Numbers are recognized when the filter meets the column's type.
    public init(parsing text: String) throws(ReadModelError) {
        guard let start = text.firstIndex(where: { "=!<>^".contains($0) }) else {
            throw .badFilter(text, reason: "it has no operator")
        }
        let rest = text[start...]
        let symbols = ["!=", "<=", ">=", "^=", "=", "<", ">"]
        guard let symbol = symbols.first(where: { rest.hasPrefix($0) }),
            let comparison = Operator(rawValue: symbol)
        else { throw .badFilter(text, reason: "“\(rest.prefix(2))” is no operator") }
        let column = text[..<start].trimmingSpaces
        guard !column.isEmpty else { throw .badFilter(text, reason: "it names no column") }
        let values = rest.dropFirst(symbol.count).split(separator: ",", omittingEmptySubsequences: false)
        self.init(column, comparison, values.map { $0.isEmpty ? .null : .text(String($0)) })
    }
}

extension Substring {
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
