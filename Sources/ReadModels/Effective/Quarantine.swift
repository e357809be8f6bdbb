import Event

/// Which lines do not count because the key that signed them was revoked at a size.
///
/// A line of a bounded log is quarantined by its sequence alone: never by when it came, nor by which of line and
/// revocation came first. So any order of arrival gives the same, and a revocation that is corrected or taken back
/// gives the lines back.
final class Quarantine {
    /// From which sequence on a log does not count, and between which cuts that was known.
    struct Bound: Equatable {
        var size: Int64
        var from: Int64
        /// The cut from which it is not so any more; nil: it still is.
        var to: Int64?

        func covers(_ sequence: Int64, at cut: Int64) -> Bool {
            sequence >= size && from <= cut && cut < to ?? .max
        }
    }

    private let connection: SQLConnection
    private let intake: any IntakeReader
    /// Nearly every node's whole life.
    private var isEmpty: Bool

    init(connection: SQLConnection, intake: any IntakeReader) throws {
        self.connection = connection
        self.intake = intake
        isEmpty = try connection.value("SELECT 1 FROM bound LIMIT 1") == nil
    }

    /// The bounds of a log by all revocations that count: those by a hub or centre of a region around its author's.
    /// Around, not equal: so no two can revoke each other's revocations, and there is an answer.
    func bounds(of log: LogName) throws -> [Bound] {
        guard !isEmpty, log.audience.region != nil else { return [] }
        let rows = try connection.rows(
            """
            SELECT line, known_from, known_to, size, log <> '', authority FROM bound \
            WHERE node = ?1 AND epoch = ?2 AND log IN (?3, '') ORDER BY line, known_from, log DESC
            """, .text(log.node.description), .text(log.epoch.description), .text(log.description))
        guard !rows.isEmpty, let author = try intake.author(of: log) else { return [] }
        var bounds: [Bound] = []
        var last: (Int64?, Int64?) = (nil, nil)
        for row in rows {
            guard let from = row[1].integer, let size = row[3].integer,
                let authority = row[5].text.flatMap({ try? RegionCode($0) }), authority != author.region,
                author.region.isAtOrBelow(authority)
            else { continue }
            // What is said of the log by name stands before what is said of all others.
            if last == (row[0].integer, from) { continue }
            last = (row[0].integer, from)
            bounds.append(Bound(size: size, from: from, to: row[2].integer))
        }
        return bounds
    }

    /// The first sequence of a log that is bounded, or ever was.
    func firstBounded(of log: LogName) throws -> Int64? { try bounds(of: log).map(\.size).min() }

    /// Replaces what one revocation says by what its history says now.
    ///
    /// - Returns: the places that may count otherwise than before, as sequences from which on, by log number.
    func note(_ history: LineHistory, of fact: LineFact) throws -> [(logID: Int64, from: Int64)] {
        let before = try rows(of: fact.line)
        try connection.run("DELETE FROM bound WHERE line = ?", .integer(fact.line))
        if let author = try intake.author(of: fact.log.log), author.mayRevoke {
            for (index, stretch) in history.stretches.enumerated() {
                guard let bytes = stretch.content.bytes, let event = try? EventLine(parsing: bytes) else { continue }
                let next = index + 1 < history.stretches.count ? history.stretches[index + 1].from : nil
                try insert(event.data, fact.line, author.region, from: stretch.from, to: next)
            }
        }
        let after = try rows(of: fact.line)
        guard before != after else { return [] }
        isEmpty = isEmpty && after.isEmpty
        return try places(before + after)
    }

    private func rows(of line: Int64) throws -> [[ModelValue]] {
        try connection.rows(
            "SELECT node, epoch, log, size, known_from, known_to FROM bound WHERE line = ? ORDER BY known_from, log",
            .integer(line))
    }

    private func insert(_ data: JSON, _ line: Int64, _ authority: RegionCode, from: Int64, to: Int64?) throws {
        // Without sizes it ends the right to sync, and takes nothing back.
        guard let sizes = data["sizes"]?.arrayValue, let node = data["node"]?.stringValue,
            let epoch = data["epoch"]?.stringValue
        else { return }
        var bounds: [String: Int64] = ["": 0]
        for entry in sizes {
            guard let log = entry["log"]?.stringValue, let size = entry["size"]?.intValue else { continue }
            bounds[log] = min(bounds[log] ?? .max, size)
        }
        for (log, size) in bounds.sorted(by: { $0.key < $1.key }) {
            try connection.run(
                """
                INSERT INTO bound (line, known_from, known_to, node, epoch, log, size, authority) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, .integer(line), .integer(from), to.map { .integer($0) } ?? .null, .text(node), .text(epoch),
                .text(log), .integer(size), .text(authority.description))
        }
    }

    private func places(_ rows: [[ModelValue]]) throws -> [(logID: Int64, from: Int64)] {
        var lowest: [Int64: Int64] = [:]
        for row in rows {
            guard let node = row[0].text, let epoch = row[1].text, let named = row[2].text, let size = row[3].integer
            else { continue }
            for found in try connection.rows("SELECT id, name FROM log WHERE node = ?", .text(node)) {
                guard let id = found[0].integer, let name = found[1].text, name.hasSuffix("/\(epoch)"),
                    named.isEmpty || named == name
                else { continue }
                lowest[id] = min(lowest[id] ?? .max, size)
            }
        }
        return lowest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension LineFact {
    /// Whether the line's key was revoked at a size below it, as known at a cut.
    func isQuarantined(at cut: Int64) -> Bool {
        if Mistake.revocationByArrival.isPlanted { return bounds.contains { $0.from <= cut && $0.from < self.cut } }
        return bounds.contains { $0.covers(sequence, at: cut) }
    }

    /// Known at a cut, and not quarantined then.
    func stands(at cut: Int64) -> Bool { self.cut <= cut && !isQuarantined(at: cut) }

    /// The cuts at which it came to be known or stopped being known that the line is quarantined.
    var quarantineCuts: [Int64] {
        bounds.filter { $0.size <= sequence }.flatMap { [$0.from] + ($0.to.map { [$0] } ?? []) }
    }
}
