import Event

/// Settles what corrections, retractions and repeated records come to, for the lines that a batch bears on.
///
/// The result is a function of the set of lines known at each cut, whatever their order of arrival: each line
/// concerned is worked out anew from all that bears on it, and its rows replaced.
struct Settlement {
    private let connection: SQLConnection
    private let finder: LineFinder
    private let writer: RowWriter
    private let capture: ChangeCapture
    private let quarantine: Quarantine
    private let tables: [EventTable]
    private var extractor: LineExtractor
    private var histories: HistoryReader
    private(set) var parkedChange = 0
    /// Relations of the types whose rows were worked out anew.
    private(set) var relations: Set<String> = []

    init(
        connection: SQLConnection, intake: any IntakeReader, writer: RowWriter, extractor: LineExtractor,
        capture: ChangeCapture, quarantine: Quarantine
    ) {
        self.connection = connection
        self.quarantine = quarantine
        self.writer = writer
        self.extractor = extractor
        self.capture = capture
        tables = extractor.tables
        finder = LineFinder(connection: connection, intake: intake, quarantine: quarantine)
        histories = HistoryReader(extractor: extractor)
    }

    mutating func settle(_ open: OpenQuestions, lines: Set<Int64> = []) throws {
        var roots: Set<Int64> = []
        for line in lines.union(open.lines).union(open.amendments).sorted() {
            if let root = try root(of: line) { roots.insert(root) }
        }
        var digests: Set<Int64> = []
        // A revocation that changes brings more: also other revocations, which are of smaller and smaller regions.
        while !roots.isEmpty {
            var next: Set<Int64> = []
            for root in roots.sorted() {
                for line in try settle(root, digests: &digests) {
                    if let root = try self.root(of: line) { next.insert(root) }
                }
            }
            roots = next
        }
        for digest in digests.sorted() { try settle(digest: digest, among: try holders(of: digest)) }
        for (digest, joined) in open.joined.sorted(by: { $0.key < $1.key }) where !digests.contains(digest) {
            try settle(digest: digest, among: try contenders(of: digest, joined: joined))
        }
    }

    // MARK: - From an amendment to the record

    /// The record that an amendment bears on, through other amendments; nil while a target is missing.
    private mutating func root(of amendment: Int64) throws -> Int64? {
        var line = amendment
        for _ in 0...AmendmentTree.maximumDepth {
            guard
                let row = try connection.rows(
                    "SELECT target_log, target_seq, lower(hex(target_hash)) FROM amendment WHERE line = ?",
                    .integer(line)
                ).first, let logID = row[0].integer, let sequence = row[1].integer, let hash = row[2].text
            else { return line }
            guard let target = try finder.target(logID: logID, sequence: sequence, hash: hash) else {
                try park(try finder.fact(line), .targetMissing, "The line that it is about has not arrived.")
                return nil
            }
            line = target
        }
        try park(try finder.fact(amendment), .tooManyVersions, "It undoes an undoing too often.")
        return nil
    }

    // MARK: - One record

    /// - Returns: lines to be settled again, where this one is a revocation that says something else now.
    private mutating func settle(_ line: Int64, digests: inout Set<Int64>) throws -> [Int64] {
        let tree = try AmendmentTree(root: line, connection: connection, finder: finder)
        let history = histories.history(of: tree)
        try note(tree, history)
        var touched: [Int64] = []
        if tree.root.fact.event?.type == LineExtractor.revoked {
            for place in try quarantine.note(history, of: tree.root.fact) {
                touched += try finder.lines(logID: place.logID, from: place.from)
            }
            if !touched.isEmpty { finder.forget() }
        }
        if let digest = digest(of: tree.root.fact), try join(digest, line) {
            // Worked out together with its like.
            digests.insert(digest)
            return touched
        }
        try write(history, of: tree.root.fact)
        return touched
    }

    /// Parks amendments that cannot apply, and releases those that can.
    private mutating func note(_ tree: AmendmentTree, _ history: LineHistory) throws {
        for line in tree.accepted {
            let fact = try finder.fact(line)
            if fact.isQuarantined(at: .max - 1) {
                try park(fact, .quarantined, HistoryReader.quarantined)
            } else {
                try release(line)
            }
        }
        for (line, reason, detail) in tree.refused { try park(try finder.fact(line), reason, detail) }
        for (line, detail) in history.badPatches { try park(try finder.fact(line), .badPatch, detail) }
    }

    private func digest(of fact: LineFact) -> Int64? {
        guard let event = fact.event, let key = event.dedupeKey else { return nil }
        return LineExtractor.digest(type: event.type, key: key)
    }

    /// Makes sure that a line is listed under its key; whether others are.
    private func join(_ digest: Int64, _ line: Int64) throws -> Bool {
        try connection.run(
            "INSERT OR IGNORE INTO dedupe (digest, line) VALUES (?, ?)", .integer(digest), .integer(line))
        return try connection.value(
            "SELECT 1 FROM dedupe WHERE digest = ? AND line <> ? LIMIT 1", .integer(digest), .integer(line)) != nil
    }

    // MARK: - Records that are the same

    private func holders(of digest: Int64) throws -> [Int64] {
        try connection.rows("SELECT line FROM dedupe WHERE digest = ?", .integer(digest)).compactMap { $0[0].integer }
    }

    /// Where lines only joined, nobody who never counted can come to count: the new ones contend with those that have
    /// rows. So a key that a careless import gives to thousands of lines costs no thousand readings a batch.
    private func contenders(of digest: Int64, joined: Set<Int64>) throws -> [Int64] {
        try holders(of: digest).filter { line in
            if joined.contains(line) { return true }
            let (first, last) = (line << EngineSchema.versionBits, (line + 1) << EngineSchema.versionBits)
            return try tables(of: joined).contains { table in
                try connection.value(
                    "SELECT 1 FROM \(table.table) WHERE ev >= ? AND ev < ? LIMIT 1", .integer(first), .integer(last))
                    != nil
            }
        }
    }

    /// The type that a key is of, as the digest is of both.
    private func tables(of lines: Set<Int64>) throws -> [EventTable] {
        let type = try lines.first.flatMap { try finder.fact($0).event?.type }
        return tables.filter { $0.type == type }
    }

    /// Of all lines with one key, the first by meaning that is not retracted counts, at each cut.
    private mutating func settle(digest: Int64, among lines: [Int64]) throws {
        var members: [(fact: LineFact, history: LineHistory)] = []
        for line in lines {
            let tree = try AmendmentTree(root: line, connection: connection, finder: finder)
            let history = histories.history(of: tree)
            try note(tree, history)
            members.append((tree.root.fact, history))
        }
        members.sort { $0.fact.precedes($1.fact) }
        let cuts = Set(members.flatMap { $0.history.stretches.map(\.from) }).sorted()
        var results = members.map { _ in LineHistory() }
        for cut in cuts {
            let winner = members.firstIndex { $0.history.content(at: cut)?.bytes != nil }
            for (index, member) in members.enumerated() {
                guard let content = member.history.content(at: cut) else { continue }
                let isDuplicate = content.bytes != nil && index != winner
                results[index].add(isDuplicate ? .duplicate : content, from: cut)
            }
        }
        for (member, result) in zip(members, results) { try write(result, of: member.fact) }
    }

    // MARK: - Rows

    private mutating func write(_ history: LineHistory, of fact: LineFact) throws {
        guard let event = fact.event, let table = tables.firstIndex(where: { $0.type == event.type }) else {
            return try noteParking(history, of: fact)
        }
        let versions = fact.line << EngineSchema.versionBits
        let range = versions...(versions + Int64(EngineSchema.maximumVersions) - 1)
        relations.insert(tables[table].relation)
        try capture.capture(-1, tables[table], range)
        try capture.remove(tables[table], range)
        for (index, stretch) in history.stretches.enumerated() {
            guard let bytes = stretch.content.bytes else { continue }
            let next = index + 1 < history.stretches.count ? history.stretches[index + 1].from : nil
            try write(bytes, fact, version: Int64(index), from: stretch.from, to: next)
        }
        try capture.capture(1, tables[table], range)
        try noteParking(history, of: fact)
    }

    private mutating func write(
        _ bytes: [UInt8], _ fact: LineFact, version: Int64, from: Int64, to: Int64?
    ) throws {
        var parsed = ParsedLines()
        extractor.extract(bytes, log: fact.log, sequence: fact.sequence, into: &parsed)
        guard case .record(let record)? = parsed.lines.first else { return }
        let address = RowWriter.Address(
            ev: fact.line << EngineSchema.versionBits | version, logID: fact.logID, sequence: fact.sequence,
            knownFrom: from, knownTo: to)
        try writer.write(record, of: parsed, at: address)
    }

    private mutating func noteParking(_ history: LineHistory, of fact: LineFact) throws {
        if case .parked(let reason, let detail, _)? = history.stretches.last?.content {
            try park(fact, reason, detail)
        } else {
            try release(fact.line)
        }
    }

    // MARK: - Parking

    private mutating func park(_ fact: LineFact, _ reason: ParkReason, _ detail: String) throws {
        try release(fact.line)
        // Whatever else it lacks: what does not stand has no other reason.
        let stands = !fact.isQuarantined(at: .max - 1)
        let (reason, detail) = stands ? (reason, detail) : (.quarantined, HistoryReader.quarantined)
        parkedChange += 1
        try connection.run(
            "INSERT INTO parked (line, log_id, seq, cut, type, reason, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .integer(fact.line), .integer(fact.logID), .integer(fact.sequence), .integer(fact.cut),
            fact.event.map { .text($0.type) } ?? .null, .text(reason.rawValue), .text(detail))
    }

    private mutating func release(_ line: Int64) throws {
        let statement = try connection.cached("DELETE FROM parked WHERE line = ?")
        statement.bind(line, at: 1)
        try statement.run()
        parkedChange -= statement.changes
    }
}
