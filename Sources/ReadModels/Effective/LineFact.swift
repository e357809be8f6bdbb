import Crypto
import Event

/// A line as the settlement needs it: where it stands, since when it is known, and what it says.
struct LineFact {
    var line: Int64
    var logID: Int64
    /// Of the history met first, which amendments name.
    var mainID: Int64
    var log: LogContext
    var sequence: Int64
    var cut: Int64
    var bytes: [UInt8]
    /// nil where the line is not a well-formed event.
    var event: EventLine?
    /// What revocations say of its log.
    var bounds: [Quarantine.Bound] = []

    /// SHA-256 of a zero byte and the line: its leaf in the log's tree (RFC 6962).
    static func leafHash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [0])
        hash.update(data: bytes)
        return Array(hash.finalize())
    }

    /// A hash as SQLite's `lower(hex(…))` gives it.
    static func text(_ hash: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Whether this line comes before another in the order of meaning.
    func precedes(_ other: LineFact) -> Bool {
        guard let event, let otherEvent = other.event else { return event != nil }
        let mine = (event.order, Moments.integer(event.hybridTime))
        let theirs = (otherEvent.order, Moments.integer(otherEvent.hybridTime))
        if mine != theirs { return mine < theirs }
        if log.name != other.log.name { return log.name < other.log.name }
        if sequence != other.sequence { return sequence < other.sequence }
        // Two histories of one log.
        return Self.leafHash(bytes).lexicographicallyPrecedes(Self.leafHash(other.bytes))
    }
}

extension EventLine {
    /// See `Moments.order`.
    var order: Int64 {
        Moments.order(
            occurred: occurredAt.firstMoment(offsetMinutes: time.offsetMinutes), recorded: time.milliseconds,
            clock: hybridTime.milliseconds)
    }
}

/// Finds lines again by their numbers. Their bytes come from the store: the engine keeps no copy.
final class LineFinder {
    private let connection: SQLConnection
    private let intake: any IntakeReader
    private let runs: RunTable
    private let quarantine: Quarantine
    /// Lines of this settlement, which are asked for more than once.
    private var facts: [Int64: LineFact] = [:]

    init(connection: SQLConnection, intake: any IntakeReader, quarantine: Quarantine) {
        self.connection = connection
        self.intake = intake
        self.quarantine = quarantine
        runs = RunTable(connection: connection)
    }

    /// What is known of lines is not so any more: a revocation changed.
    func forget() { facts = [:] }

    /// Lines that have been read, of a log from a sequence on.
    func lines(logID: Int64, from sequence: Int64) throws -> [Int64] {
        try connection.rows(
            "SELECT line, first, count FROM run WHERE log_id = ? AND first + count > ? ORDER BY first",
            .integer(logID), .integer(sequence)
        ).flatMap { row -> [Int64] in
            guard let line = row[0].integer, let first = row[1].integer, let count = row[2].integer else { return [] }
            return Array((line + max(0, sequence - first))..<(line + count))
        }
    }

    func fact(_ line: Int64) throws -> LineFact {
        if let fact = facts[line] { return fact }
        guard let place = try runs.place(ofLine: line), let log = try runs.log(place.logID) else {
            throw ReadModelError.failed(what: "Finding line number \(line)", reason: "no run holds it")
        }
        guard let bytes = try intake.line(log.log, history: log.history, place.sequence) else {
            throw ReadModelError.failed(
                what: "Reading \(log.key)#\(place.sequence)", reason: "the store does not hold it any more")
        }
        let fact = try LineFact(
            line: line, logID: place.logID, mainID: log.history.isEmpty ? place.logID : runs.mainID(place.logID),
            log: log, sequence: place.sequence, cut: place.cut, bytes: bytes,
            event: try? EventLine(parsing: bytes), bounds: quarantine.bounds(of: log.log))
        facts[line] = fact
        return fact
    }

    /// The line that a reference means; where none of that place has its hash, the one of the history met first.
    func target(logID: Int64, sequence: Int64, hash: String) throws -> Int64? {
        let lines = try runs.lines(logID: logID, sequence: sequence)
        guard lines.count > 1, !Mistake.correctionBySequence.isPlanted else { return lines.first }
        return try lines.first { try LineFact.text(LineFact.leafHash(fact($0).bytes)) == hash } ?? lines.first
    }

    /// Whether another history has a line of that hash at the place.
    func isElsewhere(_ hash: String, _ target: LineFact) throws -> Bool {
        try runs.lines(logID: target.logID, sequence: target.sequence).contains {
            try $0 != target.line && LineFact.text(LineFact.leafHash(fact($0).bytes)) == hash
        }
    }
}
