import Event

/// What a client says of early lines in its hello: that it wants some, and which it has.
public struct EarlyAsk: Sendable, Hashable {
    /// Bytes of records that it takes at most in this answer.
    public var max: Int64
    /// What it has of them already, by log.
    public var have: [LogName: SequenceRanges]

    public init(max: Int64, have: [LogName: SequenceRanges] = [:]) {
        self.max = max
        self.have = have
    }

    public func has(_ log: LogName, _ sequence: Int64) -> Bool { have[log]?.contains(sequence) ?? false }

    public var json: JSON {
        let rows = have.sorted { $0.key < $1.key }.map { log, ranges in
            JSON.array([.string(log.description), .string(ranges.description)])
        }
        return .object([JSONMember("max", .int(max)), JSONMember("have", .array(rows))])
    }

    public init(json: JSON) throws(FrameError) {
        guard let max = json["max"]?.intValue, max >= 0, let rows = json["have"]?.arrayValue else {
            throw FrameError(.malformed, "early names max and have")
        }
        guard rows.count <= Limits.earlyLogs else {
            throw FrameError(.tooLarge, "early lines of \(rows.count) logs; at most \(Limits.earlyLogs)")
        }
        var have: [LogName: SequenceRanges] = [:]
        for row in rows {
            guard let parts = row.arrayValue, parts.count == 2,
                let log = parts[0].stringValue.flatMap({ try? LogName($0) }), let text = parts[1].stringValue
            else { throw FrameError(.malformed, "what is had early is [log, ranges]") }
            guard have.updateValue(try SequenceRanges(text, limit: Limits.earlyRanges), forKey: log) == nil else {
                throw FrameError(.malformed, "early names \(log) twice")
            }
        }
        self.init(max: max, have: have)
    }
}
