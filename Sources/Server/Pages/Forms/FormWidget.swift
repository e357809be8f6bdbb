import Catalogue
import Event

/// How values and entries of one field correspond, independent of how the field looks.
enum FormWidget {
    /// Rows offered for a list of objects.
    static let rows = 3

    /// Whether people can answer this. An identifier of something that is nowhere to choose from, or a reference,
    /// only comes filled in by the page.
    static func canAsk(_ input: FormInput) -> Bool {
        switch input.kind {
        case .identifier, .identifiers: input.control != nil || input.required
        case .reference, .anyObject: input.required
        default: true
        }
    }

    /// The entries that belong to a field: its own, and those of its parts.
    static func relevant(_ entries: RecordForm.Entries, to name: String) -> RecordForm.Entries {
        entries.filter { $0.key == name || $0.key.hasPrefix(name + ".") }
            .mapValues { $0.filter { !$0.isEmpty } }.filter { !$0.value.isEmpty }
    }

    /// What a form shows for a value.
    static func entries(of value: JSON?, field: Field) -> RecordForm.Entries {
        guard let value, !value.isNull else { return [:] }
        if field.control == .riskQuestions { return RiskQuestions.entries(of: value, field: field.name) }
        switch field.kind {
        case .codes, .identifiers: return [field.name: (value.arrayValue ?? []).compactMap(\.stringValue)]
        case .objects(let members, _):
            return (value.arrayValue ?? []).enumerated().reduce(into: [:]) { entries, row in
                for member in members {
                    guard let text = text(of: row.element[member.name]) else { continue }
                    entries["\(field.name).\(row.offset).\(member.name)"] = [text]
                }
            }
        case .dateTime: return value.stringValue.map { [field.name: [String($0.prefix(16))]] } ?? [:]
        default: return text(of: value).map { [field.name: [$0]] } ?? [:]
        }
    }

    /// Objects of a list from entries such as `aliases.0.name`; rows without any entry are left out.
    static func objects(
        in entries: RecordForm.Entries, field: String, _ members: [Field], _ reader: FormReader
    ) -> JSON? {
        let objects: [JSON] = (0..<rows).compactMap { row in
            let values = members.compactMap { member in
                reader.value(of: member, from: entries["\(field).\(row).\(member.name)"] ?? []).map {
                    JSONMember(member.name, $0)
                }
            }
            return values.isEmpty ? nil : .object(values)
        }
        return objects.isEmpty ? nil : .array(objects)
    }

    private static func text(of value: JSON?) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .int, .decimal: value?.numberText
        case .object, .array: value.map { String(decoding: $0.encoded(), as: UTF8.self) }
        case .null, nil: nil
        }
    }
}
