import ReadModels

/// How a parameter's name says what is compared: `month=2026-08`, `month.ge=2026-01`.
enum QueryOperator: String, CaseIterable, Sendable {
    case eq, ne, lt, le, gt, ge, prefix

    var comparison: Filter.Operator {
        switch self {
        case .eq: .equal
        case .ne: .notEqual
        case .lt: .less
        case .le: .lessOrEqual
        case .gt: .greater
        case .ge: .greaterOrEqual
        case .prefix: .prefix
        }
    }

    /// Whether it takes several values, one of which has to fit; order has one on its other side.
    var takesSeveral: Bool { [.eq, .ne, .prefix].contains(self) }

    /// What it asks of a cell, for the interface's description.
    var meaning: String {
        switch self {
        case .eq: "equal to one of the values"
        case .ne: "equal to none of the values"
        case .lt: "less than the value"
        case .le: "less than or equal to the value"
        case .gt: "greater than the value"
        case .ge: "greater than or equal to the value"
        case .prefix: "starts with one of the values"
        }
    }

    /// Operators that make sense for a column.
    static func allowed(for type: ColumnType) -> [QueryOperator] {
        switch type {
        case .flag: [.eq, .ne]
        case .integer, .money, .basisPoints: [.eq, .ne, .lt, .le, .gt, .ge]
        case .text, .code, .region, .date, .month, .quarter, .moment, .identifier, .line: allCases
        }
    }
}
