/// Dates as HTTP writes them (RFC 9110, 5.6.7), all three forms, without a locale or a calendar library.
enum HTTPDate {
    /// Seconds since 1970, or nil if `text` is no such date.
    ///
    ///     Sun, 06 Nov 1994 08:49:37 GMT      as written today
    ///     Sunday, 06-Nov-94 08:49:37 GMT     RFC 850
    ///     Sun Nov  6 08:49:37 1994           asctime
    static func parse(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," }.map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT":
            return seconds(year: words[3], month: words[2], day: words[1], time: words[4])
        case 4 where words[3] == "GMT":
            let date = words[1].split(separator: "-").map(String.init)
            guard date.count == 3, let short = Int(date[2]), (0...99).contains(short) else { return nil }
            return seconds(
                year: String(short < 70 ? 2000 + short : 1900 + short), month: date[1], day: date[0],
                time: words[2])
        case 5:
            return seconds(year: words[4], month: words[1], day: words[2], time: words[3])
        default:
            return nil
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func seconds(year: String, month: String, day: String, time: String) -> Int64? {
        guard let year = Int64(year), (1601...9999).contains(year),
            let month = months.firstIndex(of: month).map({ Int64($0 + 1) }),
            let day = Int64(day), (1...31).contains(day)
        else { return nil }
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return daysSince1970(year: year, month: month, day: day) * 86_400
            + hour * 3_600 + minute * 60 + second
    }

    /// The proleptic Gregorian calendar, with years that begin in March so that the leap day is last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
