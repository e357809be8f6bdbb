import Event

/// The logs that have been read, and how far.
final class LogTable {
    struct State {
        var id: Int64
        /// Every line below this has been read.
        var size: Int64
    }

    private let connection: SQLConnection
    private var states: [String: State] = [:]
    private static let capacity = 200_000

    init(_ connection: SQLConnection) { self.connection = connection }

    /// The state of a log; a log never met gets a number and size 0.
    func state(_ log: LogContext) throws -> State {
        if let state = states[log.name] { return state }
        if states.count >= Self.capacity { states.removeAll() }
        let state = try stored(log)
        states[log.name] = state
        return state
    }

    private func stored(_ log: LogContext) throws -> State {
        if let row = try connection.rows("SELECT id, size FROM log WHERE name = ?", .text(log.name)).first,
            let id = row[0].integer, let size = row[1].integer
        {
            return State(id: id, size: size)
        }
        try connection.run(
            "INSERT INTO log (name, node, audience, lane, size) VALUES (?, ?, ?, ?, 0)", .text(log.name),
            .text(log.log.node.description), .text(log.log.audience.description), .text(log.log.lane.description))
        return State(id: connection.lastInsertedRow, size: 0)
    }

    func setSize(_ size: Int64, of log: LogContext) throws {
        states[log.name]?.size = size
        try connection.run("UPDATE log SET size = ? WHERE name = ?", .integer(size), .text(log.name))
    }

    func forget() { states.removeAll() }
}

/// Where lines stand: from a line's number to its log, and back.
struct RunTable {
    let connection: SQLConnection

    struct Place {
        var logID: Int64
        var sequence: Int64
        var cut: Int64
    }

    func place(ofLine line: Int64) throws -> Place? {
        let rows = try connection.rows(
            "SELECT line, log_id, first, count, cut FROM run WHERE line <= ? ORDER BY line DESC LIMIT 1", .integer(line)
        )
        guard let row = rows.first?.compactMap(\.integer), row.count == 5, line < row[0] + row[3] else { return nil }
        return Place(logID: row[1], sequence: row[2] + line - row[0], cut: row[4])
    }

    /// The number of a line, or nil where it has not been read.
    func line(logID: Int64, sequence: Int64) throws -> Int64? {
        let rows = try connection.rows(
            "SELECT line, first, count FROM run WHERE log_id = ? AND first <= ? ORDER BY first DESC LIMIT 1",
            .integer(logID), .integer(sequence))
        guard let row = rows.first?.compactMap(\.integer), row.count == 3, sequence < row[1] + row[2] else {
            return nil
        }
        return row[0] + sequence - row[1]
    }

    /// The parts of a range of sequences that have not been read.
    func unread(logID: Int64, _ wanted: Range<Int64>) throws -> [Range<Int64>] {
        let rows = try connection.rows(
            "SELECT first, count FROM run WHERE log_id = ? AND first < ? ORDER BY first", .integer(logID),
            .integer(wanted.upperBound))
        var parts: [Range<Int64>] = []
        var next = wanted.lowerBound
        for row in rows.map({ $0.compactMap(\.integer) }) where row[0] + row[1] > next {
            if row[0] > next { parts.append(next..<row[0]) }
            next = row[0] + row[1]
        }
        if next < wanted.upperBound { parts.append(next..<wanted.upperBound) }
        return parts
    }

    /// How far a log is read without a gap, from a size up to which it is known to be.
    func contiguousSize(logID: Int64, from size: Int64) throws -> Int64 {
        var size = size
        while let row = try connection.rows(
            "SELECT first + count FROM run WHERE log_id = ? AND first <= ? AND first + count > ? ORDER BY first DESC LIMIT 1",
            .integer(logID), .integer(size), .integer(size)
        ).first, let end = row[0].integer {
            size = end
        }
        return size
    }
}
