import Event

/// A condition with its values, which are bound and never pasted into the text.
struct SQLCondition {
    var text: String
    var values: [ModelValue] = []

    static func all(_ parts: [SQLCondition]) -> SQLCondition {
        SQLCondition(
            text: parts.isEmpty ? "1" : parts.map { "(\($0.text))" }.joined(separator: " AND "),
            values: parts.flatMap(\.values))
    }
}

/// Which rows a region may see.
struct ScopeCondition {
    static func condition(_ scope: RowScope, region: RegionCode) -> SQLCondition? {
        switch scope {
        case .everyone: nil
        case .within(let column): region == .nation ? nil : within(column, region)
        case .withinAndAbove(let column):
            region == .nation ? nil : either(within(column, region), above(column, region))
        }
    }

    /// `36.04`, and what starts with `36.04.`: from `36.04.` up to, but not including, `36.04/`.
    private static func within(_ column: String, _ region: RegionCode) -> SQLCondition {
        let code = region.description
        return SQLCondition(
            text: "\(column) = ? OR (\(column) > ? AND \(column) < ?)",
            values: [.text(code), .text(code + "."), .text(code + "/")])
    }

    private static func above(_ column: String, _ region: RegionCode) -> SQLCondition {
        var codes: [ModelValue] = []
        var next = region.parent
        while let place = next {
            codes.append(.text(place.description))
            next = place.parent
        }
        return SQLCondition(
            text: "\(column) IN (\(codes.map { _ in "?" }.joined(separator: ", ")))", values: codes)
    }

    private static func either(_ left: SQLCondition, _ right: SQLCondition) -> SQLCondition {
        SQLCondition(text: "\(left.text) OR \(right.text)", values: left.values + right.values)
    }
}

extension Filter {
    /// The filter over its column.
    func condition(on column: ModelColumn) throws(ReadModelError) -> SQLCondition {
        var values: [ModelValue] = []
        for value in self.values where !value.isNull { values.append(try converted(value, to: column.type)) }
        let wantsEmpty = values.count < self.values.count
        switch comparison {
        case .equal: return equal(values, orEmpty: wantsEmpty, column)
        case .notEqual:
            let equal = equal(values, orEmpty: wantsEmpty, column)
            // What is empty is different from any value.
            return SQLCondition(text: "NOT coalesce(\(equal.text), 0)", values: equal.values)
        case .prefix: return try prefix(values, column)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let value = values.first, values.count == 1, !wantsEmpty else {
                throw .badFilter(description, reason: "\(comparison.rawValue) takes one value")
            }
            return SQLCondition(text: "\(column.name) \(comparison.rawValue) ?", values: [value])
        }
    }

    private func equal(_ values: [ModelValue], orEmpty: Bool, _ column: ModelColumn) -> SQLCondition {
        var parts: [String] = []
        if !values.isEmpty {
            parts.append("\(column.name) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
        }
        if orEmpty { parts.append("\(column.name) IS NULL") }
        if orEmpty, !column.type.isInteger { parts.append("\(column.name) = ''") }
        return SQLCondition(text: "(\(parts.isEmpty ? "0" : parts.joined(separator: " OR ")))", values: values)
    }

    private func prefix(_ values: [ModelValue], _ column: ModelColumn) throws(ReadModelError) -> SQLCondition {
        guard !column.type.isInteger, !values.isEmpty else {
            throw .badFilter(description, reason: "^= compares texts")
        }
        let parts = values.map { _ in "substr(\(column.name), 1, length(?)) = ?" }
        return SQLCondition(
            text: parts.joined(separator: " OR "), values: values.flatMap { [$0, $0] })
    }

    private func converted(_ value: ModelValue, to type: ColumnType) throws(ReadModelError) -> ModelValue {
        switch (value, type.isInteger) {
        case (.text(let text), true):
            if let number = Int64(text) { return .integer(number) }
            if type == .flag, text == "true" || text == "false" { return .integer(text == "true" ? 1 : 0) }
            throw .badFilter(description, reason: "“\(text)” is not an integer")
        case (.integer(let number), false): return .text(String(number))
        default: return value
        }
    }
}

extension Filter: CustomStringConvertible {
    public var description: String {
        column + comparison.rawValue + values.map(\.description).joined(separator: ",")
    }
}
