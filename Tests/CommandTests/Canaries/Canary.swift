import Catalogue
import Event
import Foundation
import TestKit

/// Something made up that identifies a person, planted in one field of one record, and what of it nobody else may see.
struct Canary: Sendable {
    /// `type.field`, for the report.
    let place: String
    /// What is entered.
    let value: JSON
    /// The parts of it that appear nowhere by chance; ASCII.
    let needles: [String]
}

/// Makes canaries that fit their fields, none twice.
struct CanaryBreeder {
    private var dice: SeededGenerator
    private var used: Set<String> = []

    init(seed: UInt64) { dice = SeededGenerator(seed: seed) }

    mutating func canary(for field: Field, of type: String) -> Canary {
        let place = "\(type).\(field.name)"
        switch (field.kind, field.check) {
        case (_, .nik): return one(place) { (("36" + digits(14, &$0)), []) }
        case (_, .phone):
            return one(place) { dice in
                let parts = ["8" + digits(2, &dice), digits(4, &dice), digits(4, &dice)]
                // With and without what people write between the digits; the zero before them is for dialling only.
                return ("0" + parts.joined(separator: "-"), [parts.joined()])
            }
        case (.date, _):
            return one(place) { dice in
                (
                    String(
                        format: "19%02d-%02d-%02d", Int.random(in: 31...49, using: &dice),
                        Int.random(in: 1...12, using: &dice), Int.random(in: 1...28, using: &dice)), []
                )
            }
        case (.decimal(let scale, _, _), _):
            // A place on Java. So few digits are everywhere; with the field's name, in a line or shown, they are not.
            let whole = field.name == "latitude" ? "-6." : "106."
            let text = one(place) { (whole + digits(scale - 1, &$0) + "7", []) }.needles[0]
            return Canary(
                place: place, value: .decimal(text), needles: ["\"\(field.name)\":\(text)", "\(field.name): \(text)"])
        case (.text(let length, let isMultiline), _):
            if type == "document.checked" { return one(place) { ("X" + digits(8, &$0), []) } }
            if length < 40 { return one(place) { (token(&$0), []) } }
            return one(place) { dice in
                let token = token(&dice)
                let text = isMultiline ? "Kp. “\(token)” RT 03/07,\nistri Pak Dé \"Kliwon\"" : "Sutiné binti \(token)"
                return (text, [token])
            }
        default: return one(place) { (token(&$0), []) }
        }
    }

    /// A word in which no one field's form is to be kept.
    mutating func word(_ place: String) -> Canary { one(place) { (token(&$0), []) } }

    /// - Parameter make: the text, and its needles where they are not the text itself.
    private mutating func one(
        _ place: String, _ make: (inout SeededGenerator) -> (text: String, needles: [String])
    ) -> Canary {
        while true {
            let (text, needles) = make(&dice)
            let all = needles.isEmpty ? [text] : needles + (text.utf8.count < 20 ? [text] : [])
            guard used.isDisjoint(with: all) else { continue }
            used.formUnion(all)
            return Canary(place: place, value: .string(text), needles: all)
        }
    }
}

/// Eleven letters and digits in both cases: 36^11 of them when case is lost.
private func token(_ dice: inout SeededGenerator) -> String {
    let alphabet = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789")
    return "Q" + String((0..<10).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &dice)] })
}

private func digits(_ count: Int, _ dice: inout SeededGenerator) -> String {
    (0..<count).map { _ in "\(Int.random(in: 0...9, using: &dice))" }.joined()
}
