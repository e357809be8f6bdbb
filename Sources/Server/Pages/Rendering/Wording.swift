import Catalogue
import Event
import Foundation
import Node

/// Puts what is recorded into words: codes by their labels, dates as people say them, persons by name.
struct Wording {
    let site: Site
    let language: Language
    let dates: Dates
    let persons: KnownPersons

    init(_ site: Site, _ request: PageRequest) throws {
        self.site = site
        persons = try KnownPersons(site, request.session?.account)
        language = request.language
        dates = Dates(language: request.language, today: site.desk.today)
    }

    func callAsFunction(_ name: String, _ values: [String: String] = [:]) -> String {
        site.texts(name, language, values)
    }

    /// The label of a code, or the code itself when the list does not know it.
    func code(_ list: String, _ code: String?) -> String? {
        guard let code else { return nil }
        return site.node.catalogue.codeLists[list]?[code]?.label[language] ?? code
    }

    /// What making such a record is called on a button: shorter than what the record says happened.
    func action(_ type: EventType) -> String {
        site.texts.known("action.\(type.name)", language) ?? type.label[language]
    }

    func type(_ name: String) -> String { site.node.catalogue.types[name]?.label[language] ?? name }

    /// The person's name, or that it cannot be read here.
    func person(_ id: String) -> String {
        guard let card = persons.card(id) else { return self("people.unknown") }
        return name(card)
    }

    /// The name, or the mark that stands in its place everywhere.
    func name(_ card: PersonCard) -> String {
        card.shownName ?? card.unreadable?.mark[language] ?? self("people.locked")
    }

    /// The mark in a sentence: why what identifies is not shown, and what to do.
    func note(_ reason: Unreadable) -> String {
        switch reason {
        case .noKey: self("record.locked")
        case .erased: self("record.erased")
        case .withheld: self("record.withheld")
        case .damaged: self("record.damaged")
        }
    }

    /// “calon PMI · 28 tahun · RT 03/RW 01”: what tells two persons of one name apart.
    func details(_ card: PersonCard) -> String {
        let age = card.birthYear.flatMap { year in Int64(dates.today.prefix(4)).map { $0 - year } }
        return [
            code("PERSON_ROLE", card.role), age.map { self("people.age", ["n": String($0)]) }, card.hamlet,
        ].compactMap(\.self).joined(separator: " · ")
    }

    /// “hari ini”, “3 hari lagi”, “lewat 4 hari”.
    func due(_ date: String) -> String {
        guard let days = dates.daysAhead(date) else { return dates.text(date) }
        switch days {
        case 0: return self("when.today")
        case 1: return self("when.tomorrow")
        case 2...: return self("when.ahead", ["n": String(days)])
        default: return self("when.overdue", ["n": String(-days)])
        }
    }

    /// “hari ini 21.30”, “kemarin”, “4 hari lalu”.
    func past(_ date: String) -> String {
        guard let local = site.localDay(of: date), let days = dates.daysAhead(local) else { return dates.text(date) }
        switch -days {
        case ..<1: return self("when.today")
        case 1: return self("when.yesterday")
        default: return self("when.ago", ["n": String(-days)])
        }
    }

    /// A field's value in words; nil when there is none.
    func value(_ value: JSON?, of field: Field) -> String? {
        guard let value, !value.isNull else { return nil }
        switch field.kind {
        case .code, .codes:
            return (value.arrayValue ?? [value]).compactMap { element in
                element.stringValue.map { code in field.options.first { $0.code == code }?.label[language] ?? code }
            }.joined(separator: ", ")
        case .boolean: return value.boolValue.map { self($0 ? "form.yes" : "form.no") }
        case .date, .month, .dateTime: return value.stringValue.map(dates.text)
        case .money: return value.intValue.map { "Rp" + grouped($0) }
        case .identifier(let entity), .identifiers(let entity):
            return (value.arrayValue ?? [value]).compactMap(\.stringValue)
                .map { entity == "person" ? person($0) : String($0.prefix(8)) }.joined(separator: ", ")
        case .reference: return value.stringValue.flatMap(RecordKey.init).map { String($0.description.prefix(60)) }
        case .objects(let fields, _):
            return (value.arrayValue ?? []).map { object(fields, $0) }.joined(separator: "; ")
        case .object(let fields): return object(fields, value)
        case .text, .integer, .decimal, .region, .anyObject, .anyValue: return plain(value)
        }
    }

    private func object(_ fields: [Field], _ value: JSON) -> String {
        fields.compactMap { self.value(value[$0.name], of: $0) }.joined(separator: " · ")
    }

    private func plain(_ value: JSON) -> String {
        value.stringValue ?? value.numberText ?? String(decoding: value.encoded(), as: UTF8.self)
    }

    /// `15000000` as “15.000.000”; English with commas.
    func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        let mark: Character = language == .indonesian ? "." : ","
        let grouped = digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text.append(mark) }
            text.append(digit.element)
        }
        return number < 0 ? "-" + grouped : grouped
    }
}

extension Field {
    /// Identifiers and references mean nothing to people, except those of persons, who have names.
    var isForPrograms: Bool {
        switch kind {
        case .identifier, .identifiers: control != .personLookup
        case .reference, .anyObject: true
        default: false
        }
    }
}

extension Site {
    /// The local day of an RFC 3339 moment; a date as it is.
    func localDay(of text: String) -> String? {
        guard let moment = DateTime(text) else { return OccurredAt(text)?.localDate }
        return DateTime(
            milliseconds: moment.milliseconds,
            offsetMinutes: node.timeZone.secondsFromGMT(
                for: .init(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)) / 60
        ).localDate
    }
}
