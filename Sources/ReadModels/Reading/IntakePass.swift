import Event

/// Reads one batch of runs into the event tables, in the caller's transaction.
///
/// Lines that nothing else bears on, which is nearly all, are written at once. Corrections, retractions, their
/// targets, and lines with a `dedupekey` are left to `Settlement`.
struct IntakePass {
    let connection: SQLConnection
    let logs: LogTable
    let writer: RowWriter
    private let runs: RunTable
    private let quarantine: Quarantine
    private(set) var firstLine: Int64
    private(set) var nextLine: Int64
    private(set) var parked = 0
    private(set) var open = OpenQuestions()

    /// - Parameter nextLine: the number of the first line to be read.
    init(connection: SQLConnection, logs: LogTable, writer: RowWriter, quarantine: Quarantine, nextLine: Int64) {
        self.connection = connection
        self.quarantine = quarantine
        self.logs = logs
        self.writer = writer
        runs = RunTable(connection: connection)
        firstLine = nextLine
        self.nextLine = nextLine
    }

    /// Writes the lines of a run that were not read before.
    mutating func take(_ run: ParsedRun) throws {
        let state = try logs.state(run.log)
        let wanted = run.first..<(run.first + Int64(run.parsed.lines.count))
        guard wanted.upperBound > state.size else { return }
        let parts =
            wanted.lowerBound == state.size
            ? [wanted] : try runs.unread(logID: state.id, wanted)
        for part in parts { try take(part, of: run, logID: state.id) }
        let size =
            try state.size == wanted.lowerBound && parts == [wanted]
            ? wanted.upperBound : runs.contiguousSize(logID: state.id, from: state.size)
        try logs.setSize(size, of: run.log)
    }

    private mutating func take(_ part: Range<Int64>, of run: ParsedRun, logID: Int64) throws {
        try connection.run(
            "INSERT INTO run (line, log_id, first, count, cut) VALUES (?, ?, ?, ?, ?)", .integer(nextLine),
            .integer(logID), .integer(part.lowerBound), .integer(Int64(part.count)), .integer(run.cut))
        try findAmendments(
            of: part, logID: run.log.history.isEmpty ? logID : logs.state(LogContext(run.log.log)).id)
        let bound = try quarantine.firstBounded(of: run.log.log) ?? .max
        for sequence in part {
            try take(run.parsed.lines[Int(sequence - run.first)], of: run, sequence: sequence, logID: logID)
            if sequence >= bound { open.lines.insert(nextLine) }
            nextLine += 1
        }
    }

    /// Corrections that came before their targets.
    /// - Parameter logID: of the log's history met first.
    private mutating func findAmendments(of part: Range<Int64>, logID: Int64) throws {
        let found = try connection.rows(
            "SELECT line FROM amendment WHERE target_log = ? AND target_seq BETWEEN ? AND ?", .integer(logID),
            .integer(part.lowerBound), .integer(part.upperBound - 1))
        for row in found { if let line = row[0].integer { open.amendments.insert(line) } }
    }

    private mutating func take(_ line: ParsedLines.Line, of run: ParsedRun, sequence: Int64, logID: Int64) throws {
        switch line {
        case .record(let record):
            if let digest = record.digest, try joinsOthers(digest) { open.joined[digest, default: []].insert(nextLine) }
            let address = RowWriter.Address(
                ev: nextLine << EngineSchema.versionBits, logID: logID, sequence: sequence, knownFrom: run.cut,
                knownTo: nil)
            try writer.write(record, of: run.parsed, at: address)
            if writer.tables[record.table].type == LineExtractor.revoked { open.lines.insert(nextLine) }
        case .amendment(let amendment):
            try take(amendment)
        case .parked(let failure):
            parked += 1
            try park(failure, run: run, sequence: sequence, logID: logID)
        }
    }

    /// Notes whose key a line has; whether others had it before.
    private func joinsOthers(_ digest: Int64) throws -> Bool {
        let before = try connection.value("SELECT 1 FROM dedupe WHERE digest = ? LIMIT 1", .integer(digest))
        try connection.run("INSERT INTO dedupe (digest, line) VALUES (?, ?)", .integer(digest), .integer(nextLine))
        return before != nil
    }

    private mutating func take(_ amendment: ParsedLines.Amendment) throws {
        let target = try logs.state(LogContext(amendment.target.log)).id
        let statement = try connection.cached(
            "INSERT INTO amendment (line, target_log, target_seq, target_hash, retracts) VALUES (?, ?, ?, ?, ?)")
        statement.bind(nextLine, at: 1)
        statement.bind(target, at: 2)
        statement.bind(amendment.target.sequence, at: 3)
        statement.bind(blob: amendment.target.leafHash, at: 4)
        statement.bind(Int64(amendment.retracts ? 1 : 0), at: 5)
        try statement.run()
        open.amendments.insert(nextLine)
    }

    private func park(_ failure: ParsedLines.Failure, run: ParsedRun, sequence: Int64, logID: Int64) throws {
        try connection.run(
            "INSERT INTO parked (line, log_id, seq, cut, type, reason, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .integer(nextLine), .integer(logID), .integer(sequence), .integer(run.cut),
            failure.type.map { .text($0) } ?? .null, .text(failure.reason.rawValue), .text(failure.detail))
    }
}

/// What a batch leaves to be settled.
struct OpenQuestions {
    /// Corrections and retractions that are new, or whose target is.
    var amendments: Set<Int64> = []
    /// New lines whose `dedupekey` others have, by key.
    var joined: [Int64: Set<Int64>] = [:]
    /// New lines that a revocation bears on, and revocations.
    var lines: Set<Int64> = []

    var isEmpty: Bool { amendments.isEmpty && joined.isEmpty && lines.isEmpty }
}

/// A run whose lines have been read into values.
struct ParsedRun: Sendable {
    var cut: Int64
    var log: LogContext
    var first: Int64
    var parsed: ParsedLines

    init(_ run: IntakeRun, with extractor: inout LineExtractor) {
        cut = run.cut
        log = LogContext(run.log, history: run.history)
        first = run.first
        parsed = ParsedLines()
        for (offset, line) in run.lines.enumerated() {
            extractor.extract(line, log: log, sequence: run.first + Int64(offset), into: &parsed)
        }
    }
}
