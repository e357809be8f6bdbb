import Crypto
import Event
import ReadModels
import Testing

/// Writes the lines of one log, as a node would.
final class LogWriter {
    let log: LogName
    private(set) var lines: [[UInt8]] = []
    private(set) var taken = 0

    init(_ name: String) throws { log = try LogName(name) }

    /// Milliseconds since 1970 that the next line is recorded at, unless it says otherwise.
    static let start: Int64 = 1_782_864_000_000  // 2026-07-01T00:00:00Z

    @discardableResult
    func add(
        _ type: String, subject: String, occurred: String = "2026-07-10", data: JSON, version: Int = 1,
        region: String? = nil, recorded: Int64? = nil, dedupe: String? = nil, actor: String = "a-1",
        role: String = "community_organizer"
    ) throws -> LineReference {
        let sequence = Int64(lines.count)
        let moment = recorded ?? Self.start + 30 * 86_400_000 + sequence * 1_000
        let place = try region.map { try RegionCode($0) } ?? log.audience.region ?? .nation
        let line = EventLine(
            type: type, version: version, source: log, sequence: sequence, subject: subject,
            time: DateTime(milliseconds: moment, offsetMinutes: 420),
            hybridTime: HybridTimestamp(milliseconds: moment, counter: 0),
            occurredAt: try #require(OccurredAt(occurred)), actor: actor, role: role, region: place,
            regionEdition: "2025-2430", dedupeKey: dedupe, data: data)
        return try addRaw(try line.encoded())
    }

    @discardableResult
    func addRaw(_ bytes: [UInt8]) throws -> LineReference {
        lines.append(bytes)
        return try LineReference(log: log, sequence: Int64(lines.count - 1), leafHash: leafHash(bytes))
    }

    @discardableResult
    func correct(
        _ target: LineReference, patch: JSON, recorded: Int64? = nil, occurred: String = "2026-07-20"
    ) throws -> LineReference {
        try add(
            "record.corrected", subject: "s", occurred: occurred,
            data: ["target": .string(target.description), "reason": "wrong_date", "patch": patch], recorded: recorded)
    }

    @discardableResult
    func retract(_ target: LineReference, recorded: Int64? = nil) throws -> LineReference {
        try add(
            "record.retracted", subject: "s", occurred: "2026-07-21",
            data: ["target": .string(target.description), "reason": "wrong_person"], recorded: recorded)
    }

    /// The lines written since the last call, as a run.
    func run() -> (log: LogName, first: Int64, lines: [[UInt8]]) {
        defer { taken = lines.count }
        return (log, Int64(taken), Array(lines[taken...]))
    }
}

/// SHA-256 of a zero byte and the line, as RFC 6962 has it.
func leafHash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: [0] + bytes)) }
