import Event
import Foundation

/// By what two registrations are seen to be of one person. In memory only, like her name; never shown.
struct PersonMarks: Sendable, Hashable {
    /// The sixteen digits.
    let nik: String?
    /// Words of the name in alphabetical order with the full date of birth.
    let nameAndBirth: String?
    /// Digits without the prefix of the country, or of a call within it.
    let phone: String?

    init(_ data: JSON) {
        nik = data["nik"]?.stringValue.map { $0.filter(\.isNumber) }.flatMap { $0.count == 16 ? $0 : nil }
        phone = data["phone"]?.stringValue.flatMap(Self.local)
        let words = (data["full_name"]?.stringValue).map(NameSearch.words) ?? []
        // A year alone is shared by too many of one name.
        let birth = data["birth_date"]?.stringValue.flatMap { $0.count == 10 ? $0 : nil }
        nameAndBirth = words.isEmpty ? nil : birth.map { words.sorted().joined(separator: " ") + " " + $0 }
    }

    private static func local(_ phone: String) -> String? {
        var digits = phone.filter { $0.isNumber && $0.isASCII }
        for prefix in ["62", "0"] where digits.hasPrefix(prefix) {
            digits.removeFirst(prefix.count)
            break
        }
        return digits.count >= 7 ? digits : nil
    }
}
