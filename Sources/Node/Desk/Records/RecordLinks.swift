import Catalogue
import Event

/// What a line is about, from its type's schema: its subject, every identifier and every reference in its data.
struct RecordLinks: Sendable {
    private struct Members: Sendable {
        var identifiers: [String] = []
        var references: [String] = []
    }

    private let members: [String: Members]

    init(catalogue: Catalogue) {
        members = catalogue.types.mapValues { type in
            type.fields.reduce(into: Members()) { members, field in
                switch field.kind {
                case .identifier, .identifiers: members.identifiers.append(field.name)
                case .reference: members.references.append(field.name)
                default: break
                }
            }
        }
    }

    /// Each once.
    func identifiers(in line: EventLine) -> Set<String> {
        var found: Set<String> = [line.subject]
        for name in members[line.type]?.identifiers ?? [] {
            guard let value = line.data[name] else { continue }
            found.formUnion((value.arrayValue ?? [value]).compactMap(\.stringValue))
        }
        return found
    }

    func references(in line: EventLine) -> Set<LineReference> {
        Set(
            (members[line.type]?.references ?? []).compactMap { name in
                line.data[name]?.stringValue.flatMap { try? LineReference($0) }
            })
    }
}
