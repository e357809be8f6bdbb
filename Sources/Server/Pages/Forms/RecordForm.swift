import Catalogue
import Event
import Node

/// A form for one event type: drawn from the catalogue, read back, checked.
struct RecordForm {
    let type: EventType
    let site: Site
    /// Whom the person who fills it in may know by name.
    let persons: KnownPersons
    let language: Language
    /// Put before every field name, when one page holds several forms.
    var prefix = ""
    /// Fields whose value is known from where the person came; shown, not asked.
    var fixed: [String: JSON] = [:]
    /// Fields that this page does not ask at all.
    var omitted: Set<String> = []

    /// Values as typed, by field name.
    typealias Entries = [String: [String]]

    /// The inputs that are asked, in order.
    var inputs: [FormInput] {
        type.form.filter { input in
            guard !omitted.contains(input.name) else { return false }
            return fixed[input.name] != nil || FormWidget.canAsk(input)
        }
    }

    func entries(from form: FormBody) -> Entries { form.values(prefix: prefix) }

    /// The data that the entries mean. Fixed values come from the page, never from the browser.
    ///
    /// - Parameter original: data that is being corrected: what still reads as it was shown stays as it was written.
    func data(from entries: Entries, original: JSON? = nil) -> JSON {
        let reader = FormReader(offsetMinutes: site.desk.moment.offsetMinutes)
        let asked = Set(inputs.map(\.name))
        return .object(
            type.fields.compactMap { field in
                let before = original?[field.name]
                let value =
                    fixed[field.name]
                    ?? (asked.contains(field.name) ? value(of: field, entries, reader, before) : before)
                return value.map { JSONMember(field.name, $0) }
            })
    }

    private func value(of field: Field, _ entries: Entries, _ reader: FormReader, _ before: JSON?) -> JSON? {
        if let before, FormWidget.relevant(entries, to: field.name) == FormWidget.entries(of: before, field: field) {
            return before
        }
        switch field.kind {
        case .objects where field.control == .riskQuestions:
            return RiskQuestions.answers(in: entries, field: field.name)
        case .objects(let members, _): return FormWidget.objects(in: entries, field: field.name, members, reader)
        default: return reader.value(of: field, from: entries[field.name] ?? [])
        }
    }

    /// Entries that show `data`, for a form that starts filled in.
    func entries(showing data: JSON) -> Entries {
        type.fields.reduce(into: [:]) { entries, field in
            entries.merge(FormWidget.entries(of: data[field.name], field: field)) { first, _ in first }
        }
    }

    /// What a person entered and what came of it.
    func problems(with data: JSON) -> [Problem] {
        type.validate(site.node.catalogue.filling(data, of: type, today: site.desk.today), today: site.desk.today)
    }
}
