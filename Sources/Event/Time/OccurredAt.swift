/// When something happened, as precisely as anyone knows: `2026`, `2026-08`, `2026-08-14` or a date-time.
///
/// Days, months and quarters are those of the place where it happened, taken from the text; no time zone enters.
public struct OccurredAt: Hashable, Sendable, CustomStringConvertible {
    public enum Precision: Int, Hashable, Sendable, Comparable, CaseIterable {
        case year, month, day, instant

        public static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
    }

    /// The text as it was written.
    public let description: String
    public let precision: Precision
    /// What is not known stands at its first value, for order.
    private let date: CivilDate
    /// Milliseconds since 1970; nil unless the precision is `instant`.
    public let milliseconds: Int64?

    /// Reads a text; nil where it has none of the four forms or names no day of the calendar.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        switch text.utf8.count {
        case 4:
            guard let year = reader.number(digits: 4), let date = CivilDate(year: year, month: 1, day: 1)
            else { return nil }
            (precision, self.date, milliseconds) = (.year, date, nil)
        case 7:
            guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
                let date = CivilDate(year: year, month: month, day: 1)
            else { return nil }
            (precision, self.date, milliseconds) = (.month, date, nil)
        case 10:
            guard let date = reader.date() else { return nil }
            (precision, self.date, milliseconds) = (.day, date, nil)
        default:
            guard let moment = DateTime(text), let date = reader.date() else { return nil }
            (precision, self.date, milliseconds) = (.instant, date, moment.milliseconds)
        }
        description = text
    }

    public init(_ moment: DateTime) {
        var reader = DigitReader(moment.description)
        description = moment.description
        precision = .instant
        // A DateTime always starts with a date that the calendar has.
        date = reader.date() ?? CivilDate.epoch
        milliseconds = moment.milliseconds
    }

    public var year: Int { date.year }
    /// `2026-08`; nil where only the year is known.
    public var month: String? {
        precision >= .month ? "\(padded(date.year, 4))-\(padded(date.month, 2))" : nil
    }
    /// `2026Q3`; nil where only the year is known.
    public var quarter: String? {
        precision >= .month ? "\(padded(date.year, 4))Q\((date.month + 2) / 3)" : nil
    }
    /// `2026-08-14`; nil where the day is not known.
    public var localDate: String? { precision >= .day ? date.description : nil }
    /// The first day it can have been, for order and for intervals: `2026` gives `2026-01-01`.
    public var firstDate: String { date.description }
    /// The last day it can have been: `2026-02` gives `2026-02-28`.
    public var lastDate: String {
        switch precision {
        case .year: "\(padded(date.year, 4))-12-31"
        case .month:
            "\(padded(date.year, 4))-\(padded(date.month, 2))-"
                + padded(CivilDate.days(inMonth: date.month, of: date.year), 2)
        case .day, .instant: date.description
        }
    }
}
