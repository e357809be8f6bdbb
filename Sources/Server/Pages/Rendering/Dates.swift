import Catalogue
import Event
import Foundation
import ReadModels

/// Writes days and moments the way people here say them. No locale data is needed, nor wanted: the same everywhere.
struct Dates: Sendable {
    let language: Language
    /// The local day, `2026-08-14`.
    let today: String

    private static let months: [Language: [String]] = [
        .indonesian: [
            "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
            "November", "Desember",
        ],
        .english: [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ],
    ]
    private static let weekdays: [Language: [String]] = [
        .indonesian: ["Kamis", "Jumat", "Sabtu", "Minggu", "Senin", "Selasa", "Rabu"],
        .english: ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"],
    ]

    /// `2026` as it is, `2026-08` as “Agustus 2026”, `2026-08-14` as “14 Agustus 2026”, a moment with its time.
    func text(_ occurred: OccurredAt) -> String {
        switch occurred.precision {
        case .year: return occurred.description
        case .month: return month(occurred.firstDate)
        case .day: return day(occurred.firstDate)
        case .instant:
            let time = occurred.description.dropFirst(11).prefix(5).replacingOccurrences(of: ":", with: ".")
            return "\(day(occurred.firstDate)), \(time)"
        }
    }

    /// The same for any text that may be a date; others are shown as they are.
    func text(_ written: String) -> String { OccurredAt(written).map(text) ?? written }

    /// “14 Agustus 2026”.
    func day(_ date: String) -> String {
        let day = Int(date.dropFirst(8).prefix(2)).map(String.init) ?? ""
        return "\(day) \(month(date))"
    }

    private func month(_ date: String) -> String {
        let year = date.prefix(4)
        guard let number = Int(date.dropFirst(5).prefix(2)), (1...12).contains(number),
            let names = Self.months[language]
        else { return String(date.prefix(7)) }
        return "\(names[number - 1]) \(year)"
    }

    /// “Jumat, 14 Agustus 2026”.
    func weekdayAndDay(_ date: String) -> String {
        guard let epoch = LocalDay("1970-01-01"), let day = LocalDay(date), let names = Self.weekdays[language] else {
            return self.day(date)
        }
        let number = ((epoch.days(to: day) % 7) + 7) % 7
        return "\(names[number]), \(self.day(date))"
    }

    /// Days from today to `date`: negative when past. Nil when the day is not known.
    func daysAhead(_ date: String) -> Int? {
        guard let now = LocalDay(today), let day = OccurredAt(date)?.localDate.flatMap({ LocalDay($0) }) else {
            return nil
        }
        return now.days(to: day)
    }
}

extension LocalDay {
    /// Days from this one to another; negative when that is earlier.
    func days(to other: LocalDay) -> Int {
        guard let from = DateTime(description + "T00:00:00Z"), let to = DateTime(other.description + "T00:00:00Z")
        else {
            return 0
        }
        return Int((to.milliseconds - from.milliseconds) / 86_400_000)
    }
}
