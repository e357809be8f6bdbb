/// A schedule that cannot be kept.
public enum ScheduleError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(String)
    case noTimeOfDay(String)
    case unknownZone(String)
    case notWithin(String, ClosedRange<Int>)

    public var description: String {
        switch self {
        case .unreadable(let text):
            "“\(text)” is no schedule. Write “once”, “every 15m” or “nightly 01:30 WIB”."
        case .noTimeOfDay(let text): "“\(text)” is no time of day. Write hours and minutes, as in 01:30."
        case .unknownZone(let name):
            "The time zone “\(name)” is not known here. Write WIB, WITA, WIT, or a name such as Asia/Jakarta."
        case .notWithin(let what, let range):
            "\(what) must be from \(range.lowerBound) to \(range.upperBound) seconds."
        }
    }
}
