import Event

/// A day on the calendar of the place that is meant: `2026-08-14`. No clock and no time zone enter.
public struct LocalDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let description: String
    /// Days since 1970-01-01.
    public let number: Int

    /// Nil where the calendar has no such day.
    public init?(_ text: String) {
        guard text.utf8.count == 10, let midnight = DateTime(text + "T00:00:00Z") else { return nil }
        self.init(midnight: midnight.milliseconds)
    }

    /// The day on which a moment falls, at an offset.
    /// - Parameters:
    ///   - milliseconds: since 1970-01-01T00:00:00Z.
    ///   - offsetMinutes: minutes east of UTC, 420 for WIB.
    public init(milliseconds: Int64, offsetMinutes: Int) {
        self.init(midnight: milliseconds + Int64(offsetMinutes) * 60_000)
    }

    private init(midnight milliseconds: Int64) {
        let length: Int64 = 86_400_000
        number = Int((milliseconds >= 0 ? milliseconds : milliseconds - length + 1) / length)
        description = DateTime(milliseconds: Int64(number) * length).localDate
    }

    /// The day so many days later; earlier when negative.
    public func adding(days count: Int) -> LocalDay {
        LocalDay(midnight: Int64(number + count) * 86_400_000)
    }

    public static func < (left: LocalDay, right: LocalDay) -> Bool { left.number < right.number }
}
