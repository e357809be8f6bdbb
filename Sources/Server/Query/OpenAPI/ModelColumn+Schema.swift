import Catalogue
import Event
import ReadModels

extension ModelColumn {
    /// The JSON Schema of a cell.
    func schema(nullable: Bool) -> JSON {
        var members = [JSONMember("title", .string(label.en))]
        let kind: JSON = type == .flag ? "boolean" : type.isInteger ? "integer" : "string"
        members.append(JSONMember("type", nullable ? .array([kind, "null"]) : kind))
        if let pattern = type.pattern { members.append(JSONMember("pattern", .string(pattern))) }
        if let range = type.range {
            members.append(JSONMember("minimum", .int(range.lowerBound)))
            members.append(JSONMember("maximum", .int(range.upperBound)))
        }
        if let note = type.note { members.append(JSONMember("description", .string(note))) }
        return .object(members)
    }

    /// What may be compared with a cell: the start of a text is no whole value, and nothing means an empty cell.
    func filterSchema(for comparison: QueryOperator) -> JSON {
        if type == .flag { return ["type": "string", "enum": ["true", "false", ""]] }
        // Every text starts with nothing.
        guard comparison != .prefix else { return ["type": "string", "minLength": 1] }
        guard comparison.takesSeveral else {
            if type.isInteger { return ["type": "integer", "minimum": .int(-Self.exact), "maximum": .int(Self.exact)] }
            guard let pattern = type.boundPattern else { return ["type": "string", "minLength": 1] }
            return ["type": "string", "pattern": .string(pattern)]
        }
        if type.isInteger { return ["type": "string", "pattern": "^(-?[0-9]{1,18})?$"] }
        guard let pattern = type.pattern else { return ["type": "string"] }
        return ["type": "string", "pattern": .string("^$|" + pattern)]
    }

    /// Integers of JSON that every reader has exactly (RFC 7493).
    static let exact: Int64 = 9_007_199_254_740_991
}

extension ColumnType {
    /// What one end of a range looks like: a moment, or the month or year that it begins with.
    var boundPattern: String? {
        switch self {
        case .date: "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
        case .month: "^[0-9]{4}(-[0-9]{2})?$"
        case .quarter: "^[0-9]{4}(Q[1-4])?$"
        case .moment: "^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+Z)?)?)?$"
        case .text, .integer, .flag, .money, .basisPoints, .region, .identifier, .code, .line: nil
        }
    }

    /// A time as `pattern` has it, to show to whoever wrote another.
    var example: String {
        switch self {
        case .date: "2026-08-14"
        case .quarter: "2026Q3"
        case .moment: "2026-08-14T02:30:00Z"
        case .month, .text, .integer, .flag, .money, .basisPoints, .region, .identifier, .code, .line: "2026-08"
        }
    }

    /// What a whole cell looks like.
    var pattern: String? {
        switch self {
        case .date: "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
        case .month: "^[0-9]{4}-[0-9]{2}$"
        case .quarter: "^[0-9]{4}Q[1-4]$"
        case .moment: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"
        case .text, .integer, .flag, .money, .basisPoints, .region, .identifier, .code, .line: nil
        }
    }

    fileprivate var range: ClosedRange<Int64>? {
        self == .basisPoints ? 0...10_000 : nil
    }

    fileprivate var note: String? {
        switch self {
        case .money: "Whole rupiah"
        case .basisPoints: "Hundredths of a percent"
        case .identifier(let entity): "Identifies a \(entity)"
        case .code(let list): "A code of the list \(list)"
        case .line: "LOG#SEQUENCE"
        case .region: "Region code; id is the nation"
        case .text, .integer, .flag, .date, .month, .quarter, .moment: nil
        }
    }
}
