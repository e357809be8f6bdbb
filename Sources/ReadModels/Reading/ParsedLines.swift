import Event

/// One value read from a line: an integer, a text in the arena, or nothing.
struct Cell: Sendable {
    /// The integer; for a text, where it starts.
    var integer: Int64
    /// Bytes of the text; or one of the two markers.
    var length: Int32

    private static let nullLength: Int32 = -2
    private static let integerLength: Int32 = -1

    static let null = Cell(integer: 0, length: nullLength)
    static func integer(_ value: Int64) -> Cell { Cell(integer: value, length: integerLength) }
    static func text(at start: Int, count: Int) -> Cell { Cell(integer: Int64(start), length: Int32(count)) }

    var isNull: Bool { length == Cell.nullLength }
    var isInteger: Bool { length == Cell.integerLength }
    var range: Range<Int> { Int(integer)..<(Int(integer) + Int(max(length, 0))) }
}

/// Lines read into typed values, ready to be written. Values of all lines share a few flat arrays, so that reading a
/// line allocates nothing; made off the writer's thread where there is one to spare.
struct ParsedLines: Sendable {
    /// A line that becomes a row.
    struct Record: Sendable {
        /// Index of the type's table.
        var table: Int
        /// Where its data cells start; there are as many as the table has columns.
        var cells: Int
        var listRows: Range<Int>
        var version: Int64
        var order: Int64
        var clock: Int64
        var recorded: Int64
        var subject: Cell
        var occurredAt: Cell
        var actor: Cell
        var role: Cell
        var place: Cell
        /// Of the `dedupekey`, where there is one.
        var digest: Int64?
    }

    struct ListRow: Sendable {
        var list: Int
        var index: Int64
        var cells: Int
    }

    /// A correction or retraction.
    struct Amendment: Sendable {
        var target: LineReference
        var retracts: Bool
    }

    struct Failure: Error, Sendable, Hashable {
        var reason: ParkReason
        var detail: String
        var type: String?
    }

    enum Line: Sendable {
        case record(Record)
        case amendment(Amendment)
        case parked(Failure)
    }

    var arena: [UInt8] = []
    var cells: [Cell] = []
    var listRows: [ListRow] = []
    var lines: [Line] = []

    mutating func removeAll() {
        arena.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        listRows.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
    }
}
