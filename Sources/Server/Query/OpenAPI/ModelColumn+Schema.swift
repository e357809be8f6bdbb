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
        guard comparison != .prefix, !type.isInteger, let pattern = type.pattern else {
            return ["type": type.isInteger && comparison != .eq && comparison != .ne ? "integer" : "string"]
        }
        return ["type": "string", "pattern": .string("^$|" + pattern)]
    }
}

extension ColumnType {
    fileprivate var pattern: String? {
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
