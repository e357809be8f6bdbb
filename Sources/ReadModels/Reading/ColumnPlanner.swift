import Catalogue

/// Turns the fields of an event type into columns, lists, and the shape that fills them.
struct ColumnPlanner {
    let type: String
    var columns: [EventTable.Column] = []
    var lists: [EventTable.List] = []

    init(type: String) { self.type = type }

    /// Integers are kept far from overflow, so that sums over a billion rows stay exact.
    static let integerBound: Int64 = 9_000_000_000_000
    static let moneyBound: Int64 = 9_000_000_000_000

    mutating func shape(
        _ fields: [Field], prefix: String, isInList list: Int?
    ) throws(ModelProblem) -> ObjectShape {
        var shape = ObjectShape()
        for field in fields where field.sensitivity < .personal {
            guard ModelFileParser.isName(field.name) else {
                throw ModelProblem(
                    file: type, line: 1, what: "“\(field.name)” cannot be the name of a column.",
                    fix: "Use a-z, 0-9 and _, starting with a letter.")
            }
            guard let content = try content(field, prefix: prefix, list: list) else { continue }
            shape.members.append(
                ObjectShape.Member(
                    key: Array(field.name.utf8),
                    required: field.required && field.visibleWhen == nil, content: content))
        }
        return shape
    }

    private mutating func content(
        _ field: Field, prefix: String, list: Int?
    ) throws(ModelProblem) -> ObjectShape.Content? {
        let name = prefix + field.name
        if let scalar = Self.scalar(field.kind) {
            return .column(try addColumn(name, scalar, to: list), scalar)
        }
        switch field.kind {
        case .object(let fields):
            return .object(try shape(fields, prefix: name + "_", isInList: list))
        case .codes, .identifiers:
            // A list in a list would need a key of its own; no fold has asked for one.
            guard list == nil else { return nil }
            lists.append(EventTable.List(name: name, columns: [EventTable.Column(name: "value", kind: .text)]))
            return .values(list: lists.count - 1, .text)
        case .objects(let fields, _):
            guard list == nil else { return nil }
            lists.append(EventTable.List(name: name, columns: []))
            let index = lists.count - 1
            return .objects(list: index, try shape(fields, prefix: "", isInList: index))
        default: return nil
        }
    }

    private mutating func addColumn(
        _ name: String, _ kind: ScalarKind, to list: Int?
    ) throws(ModelProblem) -> Int {
        let column = EventTable.Column(name: EnvelopeColumns.free(name), kind: kind)
        let existing = list.map { lists[$0].columns } ?? columns
        guard !existing.contains(where: { $0.name == column.name }) else {
            throw ModelProblem(
                file: type, line: 1, what: "Two members become the column “\(column.name)”.", fix: "Rename one.")
        }
        if let list { lists[list].columns.append(column) } else { columns.append(column) }
        return existing.count
    }

    private static func scalar(_ kind: FieldKind) -> ScalarKind? {
        switch kind {
        case .text, .code, .identifier, .reference: .text
        case .integer(let min, let max):
            .integer(
                min: Swift.max(min ?? -integerBound, -integerBound), max: Swift.min(max ?? integerBound, integerBound))
        case .money: .integer(min: -moneyBound, max: moneyBound)
        case .decimal(let scale, _, _): .decimal(scale: scale)
        case .boolean: .flag
        case .date: .date
        case .month: .month
        case .dateTime: .moment
        case .region: .region
        case .anyValue: .any
        case .anyObject: .rawObject
        case .codes, .identifiers, .object, .objects: nil
        }
    }
}
