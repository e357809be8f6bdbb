/// A year, quarter, month or day for which figures stand.
public struct Period: Hashable, Sendable, CustomStringConvertible {
    /// `2026`, `2026Q3`, `2026-08` or `2026-08-14`.
    public let description: String
    public let firstDay: LocalDay
    public let lastDay: LocalDay

    /// Nil where the text is none of the four forms.
    public init?(_ text: String) {
        let year = String(text.prefix(4))
        let months: ClosedRange<Int>
        switch text.utf8.count {
        case 4: months = 1...12
        case 6:
            guard text.utf8.dropFirst(4).first == UInt8(ascii: "Q"), let quarter = Int(text.suffix(1)),
                (1...4).contains(quarter)
            else { return nil }
            months = quarter * 3 - 2...quarter * 3
        case 7:
            guard let month = Int(text.suffix(2)), LocalDay("\(text)-01") != nil else { return nil }
            months = month...month
        default:
            guard let day = LocalDay(text) else { return nil }
            (description, firstDay, lastDay) = (text, day, day)
            return
        }
        guard let first = LocalDay("\(year)-\(Period.twoDigits(months.lowerBound))-01"),
            let lastMonth = LocalDay("\(year)-\(Period.twoDigits(months.upperBound))-01")
        else { return nil }
        description = text
        firstDay = first
        lastDay = Period.lastDay(ofMonthStarting: lastMonth)
    }

    private static func lastDay(ofMonthStarting first: LocalDay) -> LocalDay {
        let month = first.description.prefix(7)
        var day = first.adding(days: 27)
        while day.adding(days: 1).description.prefix(7) == month { day = day.adding(days: 1) }
        return day
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
