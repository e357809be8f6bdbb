import Catalogue
import Event
import Node

/// What a form starts with: the moment where it asks when, and what is so most of the time.
enum FieldDefaults {
    /// Usual answers by event type. Every one is asked all the same and can be changed.
    private static let usual: [String: RecordForm.Entries] = [
        "visit.recorded": ["channel": ["home"], "met": ["met"]],
        "privacy.consent_granted": [
            "purposes": ["protection", "referral"], "form": ["witnessed_oral"], "language": ["id"],
            "given_by": ["self"],
        ],
        "person.registered": ["role": ["cpmi"], "stage": ["before"]],
        "information.provided": ["audience": ["person"]],
        "case.opened": ["reporter_kind": ["organizer"]],
    ]

    static func entries(for form: RecordForm) -> RecordForm.Entries {
        let type = form.type
        let moments = type.fields.reduce(into: RecordForm.Entries()) { entries, field in
            switch field.kind {
            case .dateTime where field.name == type.occurredField:
                entries[field.name] = [String(form.site.desk.moment.description.prefix(16))]
            case .date where field.name == type.occurredField && field.required:
                entries[field.name] = [form.site.desk.today]
            case .date(truncatable: false) where field.name == "valid_from":
                entries[field.name] = [form.site.desk.today]
            default: break
            }
        }
        return (usual[type.name] ?? [:]).merging(moments, uniquingKeysWith: { first, _ in first })
    }
}
