/// `once`, `every 15m`, `nightly 01:30 WIB`, `nightly 01:30 Asia/Jakarta within 20m`.
extension Schedule: CustomStringConvertible {
    /// The shortest and the longest pause between calls.
    static let pauses = 5...7 * 86_400

    /// - Throws: `ScheduleError`.
    public init(_ text: String) throws(ScheduleError) {
        let words = text.split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("once", 1): self = .once
        case ("every", 2):
            guard let seconds = Span.parse(words[1]) else { throw .unreadable(text) }
            guard Schedule.pauses.contains(seconds) else { throw .notWithin("The pause", Schedule.pauses) }
            self = .every(seconds: seconds)
        case ("nightly", 3): self = .nightly(try Nightly(time: words[1], zone: words[2]))
        case ("nightly", 5) where words[3] == "within":
            guard let jitter = Span.parse(words[4]) else { throw .unreadable(text) }
            self = .nightly(try Nightly(time: words[1], zone: words[2], jitter: jitter))
        default: throw .unreadable(text)
        }
    }

    public var description: String {
        switch self {
        case .once: "once"
        case .every(let seconds): "every \(Span.write(seconds))"
        case .nightly(let night): "nightly \(night)"
        }
    }
}

extension Schedule.Nightly: CustomStringConvertible {
    /// - Throws: `ScheduleError`.
    public init(time: String, zone: String, jitter: Int = 20 * 60) throws(ScheduleError) {
        let parts = time.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Span.digits(parts[0]), let minute = Span.digits(parts[1])
        else { throw .noTimeOfDay(time) }
        try self.init(hour: hour, minute: minute, zone: LocalZone(zone), jitter: jitter)
    }

    public var description: String {
        let time = [hour, minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "\(time) \(zone) within \(Span.write(jitter))"
    }
}

/// A number of seconds as people write it: `90s`, `15m`, `2h`.
private enum Span {
    static func parse(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = digits(text.dropLast()) else {
            return nil
        }
        let (seconds, overflows) = count.multipliedReportingOverflow(by: unit)
        return overflows ? nil : seconds
    }

    static func digits(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    static func write(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600), ("m", 60)]
        for (unit, size) in units where seconds > 0 && seconds % size == 0 {
            return "\(seconds / size)\(unit)"
        }
        return "\(seconds)s"
    }
}
