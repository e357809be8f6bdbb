import Event

/// The Indonesian national identity number: region (6 digits), birth date (DDMMYY, 40 added to a woman's
/// day) and a serial number (4).
///
/// Only its length and its digits are errors. Everything else is a warning: old region codes stay in it, and
/// it is not changed when a birth date is corrected, so a rejection would shut out real people.
enum NIK {
    /// Provinces that give or gave the first two digits, 54 being East Timor.
    private static let provinces: Set<Int> = [
        11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 54, 61, 62, 63, 64, 65,
        71, 72,
        73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96,
    ]

    /// - Parameter data: the object the number stands in; its `sex`, `birth_date` and `birth_year` are
    ///   compared.
    static func problems(of text: String, among data: JSON, at path: String) -> [Problem] {
        let digits = text.utf8.map { Int($0) - 48 }
        guard digits.count == 16, digits.allSatisfy({ (0...9).contains($0) }) else {
            return [.expected(.nik, at: path)]
        }
        let pair = { (index: Int) in digits[index] * 10 + digits[index + 1] }
        let isFemale = pair(6) > 40
        let day = isFemale ? pair(6) - 40 : pair(6)
        var problems: [Problem] = []
        if !provinces.contains(pair(0)) || pair(2) == 0 || pair(4) == 0 {
            problems.append(.doubtfulNIK(.region, at: path))
        }
        if !(1...31).contains(day) || !(1...12).contains(pair(8)) {
            problems.append(.doubtfulNIK(.date, at: path))
        } else if disagrees(day: day, month: pair(8), year: pair(10), with: data) {
            problems.append(.doubtfulNIK(.birthDate, at: path))
        }
        if digits[12...].allSatisfy({ $0 == 0 }) { problems.append(.doubtfulNIK(.serial, at: path)) }
        if let sex = data["sex"]?.stringValue, sex == (isFemale ? "M" : "F") {
            problems.append(.doubtfulNIK(.sex, at: path))
        }
        return problems
    }

    /// Only what both sides know is compared; the NIK does not say the century.
    private static func disagrees(day: Int, month: Int, year: Int, with data: JSON) -> Bool {
        if let date = data["birth_date"]?.stringValue.flatMap(OccurredAt.init) {
            let parts = date.description.split(separator: "-").compactMap { Int($0) }
            let own = [year, month, day]
            return zip([parts[0] % 100] + parts.dropFirst(), own).contains { $0 != $1 }
        }
        return data["birth_year"]?.intValue.map { Int($0 % 100) != year } ?? false
    }
}
