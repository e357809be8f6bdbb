import Event

extension ModelReader {
    /// How far a log is counted, and which of its lines are not.
    /// - Parameter history: `FORK:LEAFHASH` of a branch; its exceptions are of its own lines and of those before them.
    public func counted(_ log: LogName, history: String = "") throws -> CountedLog {
        try read { context in
            guard
                let row = try context.connection.rows(
                    "SELECT id, size FROM log WHERE name = ? AND history = ?", .text(log.description), .text(history)
                ).first, let id = row[0].integer, let size = row[1].integer
            else { return CountedLog(size: 0, exceptions: []) }
            let parked = try Self.parked(context.connection, id, LogContext(log, history: history), below: size)
            var exceptions: [CountedLog.Exception] = []
            for row in parked {
                guard let sequence = row[0].integer, let reason = row[1].text.flatMap(ParkReason.init) else { continue }
                if let last = exceptions.indices.last, exceptions[last].last == sequence - 1,
                    exceptions[last].reason == reason
                {
                    exceptions[last].last = sequence
                } else {
                    exceptions.append(CountedLog.Exception(first: sequence, last: sequence, reason: reason))
                }
            }
            return CountedLog(size: size, exceptions: exceptions)
        }
    }

    /// Parked lines of a history, with those of the histories that it forks from, by sequence.
    private static func parked(
        _ connection: SQLConnection, _ id: Int64, _ log: LogContext, below size: Int64
    ) throws -> [[ModelValue]] {
        let own = try connection.rows(
            "SELECT seq, reason FROM parked WHERE log_id = ? AND seq < ? ORDER BY seq", .integer(id), .integer(size))
        guard !log.history.isEmpty else { return own }
        // The lines before the fork are read under the history met first, unless branches fork from branches; what is
        // parked of those in between is then not repeated here.
        let main = try RunTable(connection: connection).mainID(id)
        return try connection.rows(
            "SELECT seq, reason FROM parked WHERE log_id = ? AND seq < ? ORDER BY seq", .integer(main),
            .integer(log.fork)) + own
    }

    /// What became of a line.
    public func outcome(_ log: LogName, history: String = "", _ sequence: Int64) throws -> LineOutcome {
        try read { context in
            let connection = context.connection
            guard
                let id = try connection.value(
                    "SELECT id FROM log WHERE name = ? AND history = ?", .text(log.description), .text(history))?
                    .integer,
                let line = try RunTable(connection: connection).line(logID: id, sequence: sequence)
            else { return .waiting }
            if let row = try connection.rows("SELECT reason, detail FROM parked WHERE line = ?", .integer(line)).first,
                let reason = row[0].text.flatMap(ParkReason.init)
            {
                return .parked(reason, detail: row[1].text ?? "")
            }
            return try settled(line, logID: RunTable(connection: connection).mainID(id), sequence, connection)
        }
    }

    /// Nearly every line counts as it is; only one that others bear on has to be looked for.
    private func settled(
        _ line: Int64, logID: Int64, _ sequence: Int64, _ connection: SQLConnection
    ) throws -> LineOutcome {
        let amended = try connection.value(
            "SELECT max(retracts) FROM amendment WHERE target_log = ? AND target_seq = ?", .integer(logID),
            .integer(sequence))?.integer
        let doubled = try connection.value(
            """
            SELECT 1 FROM dedupe d WHERE d.line = ?1 AND EXISTS (\
            SELECT 1 FROM dedupe o WHERE o.digest = d.digest AND o.line <> ?1) LIMIT 1
            """, .integer(line))
        guard amended == 1 || doubled != nil else { return .counted }
        let (first, last) = (line << EngineSchema.versionBits, (line + 1) << EngineSchema.versionBits)
        let isAmendment = try connection.value("SELECT 1 FROM amendment WHERE line = ?", .integer(line)) != nil
        let isCurrent =
            try connection.value(
                "SELECT 1 FROM ev_all WHERE ev >= ? AND ev < ? LIMIT 1", .integer(first), .integer(last)) != nil
        if isCurrent || isAmendment { return .counted }
        return amended == 1 ? .retracted : .duplicate
    }

    /// Lines that do not count, newest first.
    public func parked(log: LogName? = nil, limit: Int = 1_000) throws -> [ParkedLine] {
        try read { context in
            let rows = try context.connection.rows(
                """
                SELECT l.name, p.seq, p.cut, p.type, p.reason, p.detail FROM parked p JOIN log l ON l.id = p.log_id \
                WHERE ?1 IS NULL OR l.name = ?1 ORDER BY p.line DESC LIMIT ?2
                """, log.map { .text($0.description) } ?? .null, .integer(Int64(limit)))
            return rows.compactMap { row in
                guard let log = row[0].text, let sequence = row[1].integer, let cut = row[2].integer,
                    let reason = row[4].text.flatMap(ParkReason.init)
                else { return nil }
                return ParkedLine(
                    log: log, sequence: sequence, cut: cut, type: row[3].text, reason: reason,
                    detail: row[5].text ?? "")
            }
        }
    }
}
