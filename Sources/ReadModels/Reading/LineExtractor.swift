import Crypto
import Event

/// Reads lines strictly, once, into the columns that their types declare.
///
/// A pure function of the line and the catalogue: it knows no database and no clock.
struct LineExtractor: Sendable {
    let tables: [EventTable]
    private let indices: [String: Int]
    private var reader = EventLineReader()

    static let corrected = "record.corrected"
    static let retracted = "record.retracted"
    static let revoked = "node.revoked"

    init(tables: [EventTable]) {
        self.tables = tables
        indices = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($1.type, $0) })
    }

    /// Reads one line of a log and adds it to the others.
    mutating func extract(_ bytes: [UInt8], log: LogContext, sequence: Int64, into parsed: inout ParsedLines) {
        // What a line that fails half-way has added is taken back.
        let marks = (parsed.arena.count, parsed.cells.count, parsed.listRows.count)
        do {
            let line = try bytes.withUnsafeBufferPointer { buffer throws(ParsedLines.Failure) in
                try read(buffer, log: log, sequence: sequence, into: &parsed)
            }
            parsed.lines.append(line)
        } catch {
            parsed.arena.removeSubrange(marks.0...)
            parsed.cells.removeSubrange(marks.1...)
            parsed.listRows.removeSubrange(marks.2...)
            parsed.lines.append(.parked(error))
        }
    }

    private mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, log: LogContext, sequence: Int64, into parsed: inout ParsedLines
    ) throws(ParsedLines.Failure) -> ParsedLines.Line {
        do {
            try reader.read(UnsafeRawBufferPointer(bytes))
        } catch {
            throw ParsedLines.Failure(reason: .malformed, detail: error.description)
        }
        guard let type = reader.type else { throw malformed(.type) }
        try checkPlace(bytes, log: log, sequence: sequence, type: type)
        if type == Self.corrected || type == Self.retracted {
            return .amendment(try amendment(type))
        }
        guard let index = indices[type] else {
            throw ParsedLines.Failure(
                reason: .unknownType, detail: "No schema for \(type) is installed here.", type: type)
        }
        do {
            return .record(try record(bytes, table: index, log: log, into: &parsed))
        } catch {
            throw ParsedLines.Failure(reason: error.reason, detail: error.detail, type: type)
        }
    }

    private func malformed(_ attribute: EventAttribute) -> ParsedLines.Failure {
        ParsedLines.Failure(reason: .malformed, detail: "“\(attribute.rawValue)” is not written as it must be.")
    }

    /// A line counts only where it says that it stands.
    private func checkPlace(
        _ bytes: UnsafeBufferPointer<UInt8>, log: LogContext, sequence: Int64, type: String
    ) throws(ParsedLines.Failure) {
        guard let source = reader.index(.source), bytes[reader.tape.range(source)].elementsEqual(log.nameBytes) else {
            throw ParsedLines.Failure(
                reason: .wrongPlace, detail: "It says that its log is \(reader.string(.source) ?? "none").", type: type)
        }
        guard reader.sequence == sequence else {
            throw ParsedLines.Failure(
                reason: .wrongPlace, detail: "It says that its sequence is \(reader.string(.id) ?? "none").", type: type
            )
        }
    }

    private func amendment(_ type: String) throws(ParsedLines.Failure) -> ParsedLines.Amendment {
        let text = reader.data.flatMap { reader.tape.find("target", in: $0) }.flatMap(reader.tape.string)
        guard let text, let target = try? LineReference(text) else {
            throw ParsedLines.Failure(
                reason: .badValue, detail: "“data.target” is not LOG#SEQUENCE~HASH.", type: type)
        }
        return ParsedLines.Amendment(target: target, retracts: type == Self.retracted)
    }

    // MARK: - Records

    private func record(
        _ bytes: UnsafeBufferPointer<UInt8>, table index: Int, log: LogContext, into parsed: inout ParsedLines
    ) throws(ParsedLines.Failure) -> ParsedLines.Record {
        let table = tables[index]
        guard let version = reader.version else { throw malformed(.dataschema) }
        guard version <= table.version else {
            throw ParsedLines.Failure(
                reason: .newerVersion, detail: "Version \(version) is written; up to \(table.version) is known here.")
        }
        guard let time = reader.time else { throw malformed(.time) }
        guard let clock = reader.hybridTime else { throw malformed(.hlc) }
        guard let occurred = reader.occurredAt else { throw malformed(.occurredat) }
        guard let region = reader.region else { throw malformed(.region) }
        guard let data = reader.data else { throw malformed(.data) }

        var filler = RowFiller(tape: reader.tape, bytes: bytes, strict: version == table.version)
        let cells = try filler.fill(table, data: data, into: &parsed)
        return ParsedLines.Record(
            table: index, cells: cells.start, listRows: cells.listRows, version: Int64(version),
            order: Moments.order(
                occurred: occurred.firstMoment(offsetMinutes: time.offsetMinutes), recorded: time.milliseconds,
                clock: clock.milliseconds),
            clock: Moments.integer(clock), recorded: time.milliseconds,
            subject: filler.attribute(reader, .subject, into: &parsed),
            occurredAt: filler.attribute(reader, .occurredat, into: &parsed),
            actor: filler.attribute(reader, .actor, into: &parsed),
            role: filler.attribute(reader, .role, into: &parsed),
            place: log.holds(region)
                ? filler.attribute(reader, .region, into: &parsed) : filler.text(log.audience, into: &parsed),
            digest: reader.string(.dedupekey).map { Self.digest(type: table.type, key: $0) })
    }

    /// 64 bits that tell one `dedupekey` of a type from another.
    static func digest(type: String, key: String) -> Int64 {
        let hash = SHA256.hash(data: Array("\(type)\n\(key)".utf8))
        return hash.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}

/// What a log's name says, worked out once for a run.
struct LogContext: Sendable {
    let log: LogName
    /// Empty for the history that this node met first.
    let history: String
    let name: String
    let nameBytes: [UInt8]
    let audience: String

    init(_ log: LogName, history: String = "") {
        self.log = log
        self.history = history
        name = log.description
        nameBytes = Array(name.utf8)
        audience = log.audience.region?.description ?? RegionCode.nation.description
    }

    /// One text for log and history.
    var key: String { history.isEmpty ? name : "\(name)~\(history)" }

    /// The first line of this history's own.
    var fork: Int64 { Int64(history.prefix { $0 != ":" }) ?? 0 }

    /// Whether a line of this log may be about a region. What is written for one village can say nothing about
    /// another: such a line counts for the log's own region.
    func holds(_ region: RegionCode) -> Bool {
        guard let own = log.audience.region else { return true }
        return region.isAtOrBelow(own)
    }
}

extension OccurredAt {
    /// The first moment it can have been, in milliseconds since 1970; days start at midnight of the given offset.
    func firstMoment(offsetMinutes: Int) -> Int64 {
        if let milliseconds { return milliseconds }
        let midnight = DateTime(firstDate + "T00:00:00Z")?.milliseconds ?? 0
        return midnight - Int64(offsetMinutes) * 60_000
    }
}
