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
        if let state = states[log.key] { return state }
        if states.count >= Self.capacity { states.removeAll() }
        let state = try stored(log)
        states[log.key] = state
        return state
    }

    private func stored(_ log: LogContext) throws -> State {
        if let row = try connection.rows(
            "SELECT id, size FROM log WHERE name = ? AND history = ?", .text(log.name), .text(log.history)
        ).first,
            let id = row[0].integer, let size = row[1].integer
        {
            return State(id: id, size: size)
        }
        try connection.run(
            "INSERT INTO log (name, history, node, audience, lane, size) VALUES (?, ?, ?, ?, ?, ?)", .text(log.name),
            .text(log.history), .text(log.log.node.description), .text(log.log.audience.description),
            .text(log.log.lane.description), .integer(log.fork))
        return State(id: connection.lastInsertedRow, size: log.fork)
    }

    func setSize(_ size: Int64, of log: LogContext) throws {
        states[log.key]?.size = size
        try connection.run(
            "UPDATE log SET size = ? WHERE name = ? AND history = ?", .integer(size), .text(log.name),
            .text(log.history))
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

    /// The lines that stand at a sequence of a log, one for each history that has its own there.
    /// - Parameter logID: of any history.
    func lines(logID: Int64, sequence: Int64) throws -> [Int64] {
        try histories(logID: logID).compactMap { try line(logID: $0, sequence: sequence) }
    }

    /// The history met first before the others.
    private func histories(logID: Int64) throws -> [Int64] {
        try connection.rows(
            "SELECT id FROM log WHERE name = (SELECT name FROM log WHERE id = ?) ORDER BY history", .integer(logID)
        ).compactMap { $0[0].integer }
    }

    /// Which log and history a number is of.
    func log(_ id: Int64) throws -> LogContext? {
        guard
            let row = try connection.rows("SELECT name, history FROM log WHERE id = ?", .integer(id)).first,
            let name = row[0].text, let history = row[1].text
        else { return nil }
        return LogContext(try LogName(name), history: history)
    }

    /// The row of a log that amendments name: that of the history met first.
    func mainID(_ id: Int64) throws -> Int64 {
        try connection.value(
            "SELECT id FROM log WHERE history = '' AND name = (SELECT name FROM log WHERE id = ?)", .integer(id))?
            .integer ?? id
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
