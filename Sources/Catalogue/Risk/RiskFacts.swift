import Event

/// The facts that conditions of the risk rules may ask for, taken from a screening's own fields.
///
/// A code gives its code and, as `visa.class`, each attribute of its entry; an integer its number; a boolean
/// `true` or `false`; a date, as `departure_on.in_days`, the days from the screening to the first day it can
/// mean, so that "some time this month" counts as soon.
public struct RiskFacts: Sendable, Hashable {
    public private(set) var values: [String: RiskFact]

    public init(_ values: [String: RiskFact] = [:]) {
        self.values = values
    }

    /// - Parameter date: the local date of the screening.
    public init(of data: JSON, fields: [Field], on date: String) {
        self.init()
        for field in fields {
            guard let value = data[field.name], !value.isBlank else { continue }
            add(value, of: field, on: date)
        }
    }

    /// Adds facts from elsewhere, e.g. `age_years` of the person.
    public mutating func add(_ name: String, _ fact: RiskFact) {
        values[name] = fact
    }

    private mutating func add(_ value: JSON, of field: Field, on date: String) {
        switch field.kind {
        case .code, .codes:
            let codes = (value.arrayValue ?? [value]).compactMap(\.stringValue)
            values[field.name] = .words(Set(codes))
            for entry in field.options where codes.contains(entry.code) {
                for (name, attribute) in entry.attributes { insert(attribute, into: "\(field.name).\(name)") }
            }
        case .integer, .money:
            if let number = value.intValue { values[field.name] = .number(number) }
        case .boolean:
            if let text = value.scalarText { values[field.name] = .words([text]) }
        case .date:
            guard let other = value.stringValue.flatMap(OccurredAt.init) else { return }
            if let days = Moments.days(from: date, to: other) {
                values["\(field.name).in_days"] = .number(days)
            }
        default: break
        }
    }

    private mutating func insert(_ word: String, into name: String) {
        var words: Set<String> = []
        if case .words(let present) = values[name] { words = present }
        values[name] = .words(words.union([word]))
    }
}
