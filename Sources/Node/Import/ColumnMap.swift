import Catalogue

/// Which column of a file fills which field.
struct ColumnMap: Sendable {
    enum Target: Sendable, Hashable {
        case field(String)
        case subject
        case occurredAt
        case audience
        case ignored
    }

    /// In the order of the columns.
    let targets: [Target]

    /// Columns are found by the field's name or its label in either language, without regard to case; `subject`,
    /// `occurredat` and `for` are the record's own.
    ///
    /// - Parameter wishes: column to field; an empty field ignores the column.
    /// - Throws: `NodeError` naming every column that has no place, and every wish that has no column.
    init(header: [String], type: EventType, wishes: [String: String]) throws(NodeError) {
        var targets: [Target] = []
        var strangers: [String] = []
        for column in header {
            let wish = wishes.first { Self.isSame($0.key, column) }?.value
            if let target = Self.target(wish ?? column, type, isWish: wish != nil) {
                targets.append(target)
            } else {
                strangers.append(wish.map { "\(column) (as \($0))" } ?? column)
            }
        }
        let unused = wishes.keys.filter { wish in !header.contains { Self.isSame($0, wish) } }.sorted()
        guard unused.isEmpty else {
            throw NodeError(
                .badInput, "--map names columns that the file does not have: \(unused.joined(separator: ", "))",
                advice: "its columns are \(header.joined(separator: ", "))")
        }
        guard strangers.isEmpty else {
            throw NodeError(
                .badInput, "\(type.name) has no field for the columns \(strangers.joined(separator: ", "))",
                advice: "write --map COLUMN=FIELD, or --map COLUMN= to leave a column out; the fields are "
                    + type.fields.map(\.name).joined(separator: ", "))
        }
        let twice = Dictionary(grouping: targets.filter { $0 != .ignored }) { $0 }.first { $0.value.count > 1 }
        if let twice {
            throw NodeError(
                .badInput, "two columns fill the same field: \(twice.key)", advice: "leave one out with --map COLUMN=")
        }
        self.targets = targets
    }

    private static func target(_ name: String, _ type: EventType, isWish: Bool) -> Target? {
        if isWish, name.isEmpty { return .ignored }
        if let field = type.fields.first(where: { isSame($0.name, name) }) { return .field(field.name) }
        if let field = type.fields.first(where: { isSame($0.label.id, name) || isSame($0.label.en, name) }) {
            return .field(field.name)
        }
        switch name.lowercased() {
        case "subject": return .subject
        case "occurredat": return .occurredAt
        case "for": return .audience
        default: return nil
        }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        let plain = { (text: String) in text.lowercased().filter { !$0.isWhitespace } }
        return plain(left).utf8.elementsEqual(plain(right).utf8)
    }
}
