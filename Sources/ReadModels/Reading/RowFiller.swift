import Event

/// Fills the cells of one row from the `data` of a line, as the type's shape says.
struct RowFiller {
    let tape: JSONTape
    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether missing members are an error: a line of an older version may lack what came later.
    let strict: Bool

    mutating func fill(
        _ table: EventTable, data: Int, into parsed: inout ParsedLines
    ) throws(ParsedLines.Failure) -> (start: Int, listRows: Range<Int>) {
        let start = parsed.cells.count
        let firstListRow = parsed.listRows.count
        parsed.cells.append(contentsOf: repeatElement(.null, count: table.columns.count))
        try fill(table.shape, from: data, at: start, table: table, path: "data", into: &parsed)
        return (start, firstListRow..<parsed.listRows.count)
    }

    private func fill(
        _ shape: ObjectShape, from object: Int, at start: Int, table: EventTable, path: String,
        into parsed: inout ParsedLines
    ) throws(ParsedLines.Failure) {
        let end = tape.next(after: object)
        var found = 0
        // Writers keep the order of the schema, so that the next member is mostly the next one expected.
        var expected = 0
        var key = object + 1
        var seen: UInt64 = 0
        while key < end {
            let value = key + 1
            if let member = position(of: key, in: shape, from: expected) {
                expected = member + 1
                if tape.kind(value) != .null {
                    try fill(shape.members[member], value: value, at: start, table: table, path: path, into: &parsed)
                    found += 1
                    if member < 64 { seen |= 1 << UInt64(member) }
                }
            }
            key = tape.next(after: value)
        }
        if strict { try checkRequired(shape, seen: seen, object: object, path: path) }
    }

    private func checkRequired(
        _ shape: ObjectShape, seen: UInt64, object: Int, path: String
    ) throws(ParsedLines.Failure) {
        for (index, member) in shape.members.enumerated() where member.required {
            if index < 64 ? seen & (1 << UInt64(index)) == 0 : tape.find(member.key, in: object) == nil {
                throw failure("“\(path).\(String(decoding: member.key, as: UTF8.self))” is missing.")
            }
        }
    }

    private func position(of key: Int, in shape: ObjectShape, from expected: Int) -> Int? {
        let name = bytes[tape.range(key)]
        let count = shape.members.count
        for offset in 0..<count {
            let index = expected + offset < count ? expected + offset : expected + offset - count
            let wanted = shape.members[index].key
            if wanted.count == name.count, wanted.elementsEqual(name) { return index }
        }
        return nil
    }

    private func failure(_ detail: String) -> ParsedLines.Failure {
        ParsedLines.Failure(reason: .badValue, detail: detail)
    }

    private func fill(
        _ member: ObjectShape.Member, value: Int, at start: Int, table: EventTable, path: String,
        into parsed: inout ParsedLines
    ) throws(ParsedLines.Failure) {
        func name() -> String { "\(path).\(String(decoding: member.key, as: UTF8.self))" }
        switch member.content {
        case .column(let column, let kind):
            guard let cell = cell(value, kind, into: &parsed) else { throw wrong(name(), value, kind) }
            parsed.cells[start + column] = cell
        case .object(let shape):
            guard tape.kind(value) == .object else { throw failure("“\(name())” is no object.") }
            try fill(shape, from: value, at: start, table: table, path: name(), into: &parsed)
        case .values(let list, let kind):
            guard tape.kind(value) == .array else { throw failure("“\(name())” is no list.") }
            try forEachElement(value) { (element, index) throws(ParsedLines.Failure) in
                guard let cell = cell(element, kind, into: &parsed) else { throw wrong(name(), element, kind) }
                parsed.listRows.append(ParsedLines.ListRow(list: list, index: index, cells: parsed.cells.count))
                parsed.cells.append(cell)
            }
        case .objects(let list, let shape):
            guard tape.kind(value) == .array else { throw failure("“\(name())” is no list.") }
            let width = table.lists[list].columns.count
            try forEachElement(value) { (element, index) throws(ParsedLines.Failure) in
                guard tape.kind(element) == .object else {
                    throw failure("“\(name())” has an element that is no object.")
                }
                let first = parsed.cells.count
                parsed.listRows.append(ParsedLines.ListRow(list: list, index: index, cells: first))
                parsed.cells.append(contentsOf: repeatElement(.null, count: width))
                try fill(shape, from: element, at: first, table: table, path: "\(name())/\(index)", into: &parsed)
            }
        }
    }

    private func forEachElement(
        _ array: Int, _ body: (Int, Int64) throws(ParsedLines.Failure) -> Void
    ) throws(ParsedLines.Failure) {
        let end = tape.next(after: array)
        var element = array + 1
        var index: Int64 = 0
        while element < end {
            try body(element, index)
            element = tape.next(after: element)
            index += 1
        }
    }

    private func wrong(_ name: String, _ value: Int, _ kind: ScalarKind) -> ParsedLines.Failure {
        failure("“\(name)” is not \(kind.rule): \(shortened(value)).")
    }

    private func shortened(_ value: Int) -> String {
        let range = tape.range(value)
        return String(decoding: bytes[range.prefix(40)], as: UTF8.self)
    }
}

// MARK: - Single values

extension RowFiller {
    /// The cell for a value; nil where it does not fit.
    private func cell(_ value: Int, _ kind: ScalarKind, into parsed: inout ParsedLines) -> Cell? {
        switch kind {
        case .text: return textCell(value, into: &parsed)
        case .integer(let min, let max):
            guard let number = tape.integer(value), min <= number, number <= max else { return nil }
            return .integer(number)
        case .decimal(let scale):
            return tape.numberText(value).flatMap { Decimals.scaled($0, by: scale) }.map(Cell.integer)
        case .flag: return tape.boolean(value).map { .integer($0 ? 1 : 0) }
        case .date:
            guard let date = tape.string(value).flatMap(OccurredAt.init), date.precision < .instant else { return nil }
            return textCell(value, into: &parsed)
        case .month:
            guard let month = tape.string(value).flatMap(OccurredAt.init), month.precision == .month else { return nil }
            return textCell(value, into: &parsed)
        case .moment:
            guard let moment = tape.string(value).flatMap(DateTime.init) else { return nil }
            return text(DateTime(milliseconds: moment.milliseconds).description, into: &parsed)
        case .region:
            guard let text = tape.string(value), (try? RegionCode(text)) != nil else { return nil }
            return textCell(value, into: &parsed)
        case .any: return anyCell(value, into: &parsed)
        case .rawObject:
            guard tape.kind(value) == .object else { return nil }
            return text(String(decoding: tape.value(value).encoded(), as: UTF8.self), into: &parsed)
        }
    }

    private func textCell(_ value: Int, into parsed: inout ParsedLines) -> Cell? {
        guard tape.kind(value) == .string else { return nil }
        let range = tape.range(value)
        if bytes[range].contains(UInt8(ascii: "\\")) { return tape.string(value).map { text($0, into: &parsed) } }
        let start = parsed.arena.count
        parsed.arena.append(contentsOf: bytes[range])
        return .text(at: start, count: range.count)
    }

    private func anyCell(_ value: Int, into parsed: inout ParsedLines) -> Cell? {
        switch tape.kind(value) {
        case .string: textCell(value, into: &parsed)
        case .integer, .decimal: tape.numberText(value).map { text($0, into: &parsed) }
        case .true: text("true", into: &parsed)
        case .false: text("false", into: &parsed)
        case .null, .array, .object: .null
        }
    }

    func text(_ text: String, into parsed: inout ParsedLines) -> Cell {
        let start = parsed.arena.count
        parsed.arena.append(contentsOf: text.utf8)
        return .text(at: start, count: parsed.arena.count - start)
    }

    /// The text of an attribute that the reader has found to be a text.
    func attribute(_ reader: EventLineReader, _ attribute: EventAttribute, into parsed: inout ParsedLines) -> Cell {
        reader.index(attribute).flatMap { textCell($0, into: &parsed) } ?? .null
    }
}

extension ScalarKind {
    /// What a value must be, for messages.
    var rule: String {
        switch self {
        case .text: "a text"
        case .integer(let min, let max): "an integer from \(min) to \(max)"
        case .decimal(let scale): "a number with at most \(scale) decimal places"
        case .flag: "true or false"
        case .date: "a date such as 2026-08-14"
        case .month: "a month such as 2026-08"
        case .moment: "a date-time with offset"
        case .region: "a region code"
        case .any: "a value"
        case .rawObject: "an object"
        }
    }
}

enum Decimals {
    /// `12.5` by 2 is 1250. Nil where digits would be lost or the result is beyond `ColumnPlanner.integerBound`.
    static func scaled(_ text: String, by scale: Int) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.utf8.drop { $0 == UInt8(ascii: "-") }
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first else { return nil }
        var fraction = parts.count == 2 ? Array(parts[1]) : []
        while fraction.count > scale, fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        guard fraction.count <= scale else { return nil }
        fraction += Array(repeating: UInt8(ascii: "0"), count: scale - fraction.count)
        guard whole.count + fraction.count <= 18,
            let magnitude = Int64(String(decoding: Array(whole) + fraction, as: UTF8.self)),
            magnitude <= ColumnPlanner.integerBound
        else { return nil }
        return isNegative ? -magnitude : magnitude
    }
}
