import Foundation

/// When a node calls its parent.
public enum Schedule: Sendable, Hashable {
    /// Once, now.
    case once
    /// Again and again, that long after the last success (or up to a tenth later, so that nodes started by
    /// the same power cut drift apart).
    case every(seconds: Int)
    case nightly(Nightly)

    /// A time of the day, and how much later than that a call may begin.
    public struct Nightly: Sendable, Hashable {
        public let hour: Int
        public let minute: Int
        public let zone: LocalZone
        /// Calls are spread over so many seconds from the time named.
        public let jitter: Int

        /// - Throws: `ScheduleError` for a time that no clock shows, or a jitter not within 0 and 12 hours.
        public init(
            hour: Int, minute: Int, zone: LocalZone, jitter: Int = 20 * 60
        ) throws(ScheduleError) {
            guard (0...23).contains(hour), (0...59).contains(minute) else {
                throw .noTimeOfDay("\(hour):\(minute)")
            }
            guard (0...43_200).contains(jitter) else { throw .notWithin("the jitter", 0...43_200) }
            self.hour = hour
            self.minute = minute
            self.zone = zone
            self.jitter = jitter
        }
    }

    /// Seconds from the start within which a call that was missed is made up for: the laptop was off at
    /// night, and so were the others.
    static let catchUp = 120

    /// When to call next, or nil if never again.
    ///
    /// - Parameters:
    ///   - last: the last success. One in the future was noted under another clock, and counts as none.
    ///   - now: this machine's clock, whatever it may be worth.
    public func next(
        after last: Date?, now: Date, using generator: inout some RandomNumberGenerator
    ) -> Date? {
        let last = last.flatMap { $0 <= now ? $0 : nil }
        let chance = Chance.fraction(&generator)
        switch self {
        case .once: return last == nil ? now : nil
        case .every(let seconds):
            guard let last else { return now }
            return max(now, last + Double(seconds) * (1 + chance / 10))
        case .nightly(let night):
            guard let last, last >= night.latest(upTo: now) else {
                return now + chance * Double(min(night.jitter, Schedule.catchUp))
            }
            return night.first(after: now) + chance * Double(night.jitter)
        }
    }
}

extension Schedule.Nightly {
    private var secondsOfDay: Int { (hour * 60 + minute) * 60 }

    /// The last time of day at or before `now`.
    func latest(upTo now: Date) -> Date {
        nearby(now).last { $0 <= now } ?? now
    }

    /// The first time of day after `now`.
    func first(after now: Date) -> Date {
        nearby(now).first { $0 > now } ?? now + 86_400
    }

    private func nearby(_ now: Date) -> [Date] {
        (-2...2).map { zone.moment(secondsOfDay: secondsOfDay, dayOffset: $0, from: now) }
    }
}
