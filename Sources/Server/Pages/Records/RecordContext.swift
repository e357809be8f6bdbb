import Catalogue
import Event
import Foundation
import Node
import Store

/// Where someone comes from when they start a record: a person, a case, another record. It stands in the address, as
/// identifiers only.
struct RecordContext: Sendable {
    var person: String?
    var caseFile: CaseFile?
    var source: Record?
    /// Choices set by the link, `isi.kind=…`: codes and yes/no only.
    var preset: [String: String] = [:]
    /// The same as a query, for the form to come back to.
    let query: String

    init(_ request: PageRequest, _ site: Site) throws {
        let query = request.query
        let account = try request.account()
        // Its values start the form: a record that is not theirs to read starts none.
        source = try query["dari"].flatMap(RecordKey.init).flatMap { try site.desk.reader.record($0) }
            .flatMap { try site.mayRead($0, account) ? $0 : nil }
        caseFile = try query["kasus"].flatMap { try site.desk.cases.file($0) }
        person = query["orang"] ?? source?.data["person_id"]?.stringValue ?? caseFile?.person
        for pair in query.pairs where pair.name.hasPrefix("isi.") {
            preset[String(pair.name.dropFirst(4))] = pair.value
        }
        let known = query.pairs.filter { ["dari", "kasus", "orang"].contains($0.name) || $0.name.hasPrefix("isi.") }
        self.query = known.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    static func query(from key: RecordKey) -> String { "dari=\(encoded(key.description))" }

    /// Percent-encodes what may mean something in a query.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~"))) ?? ""
    }

    /// Values that the form shows and does not ask, by field.
    func fixedValues(for type: EventType) -> [String: JSON] {
        type.form.reduce(into: [:]) { fixed, input in
            switch input.kind {
            case .identifier(entity: "person"):
                if let person, input.control == .personLookup, !input.isSecondary {
                    fixed[input.name] = .string(person)
                }
            case .reference where input.name != "target":
                if let source { fixed[input.name] = .string(source.reference.description) }
            default: break
            }
        }
    }

    /// Values that the form starts with: what the source record said under the same name, then the link's choices.
    func startingValues(for type: EventType) -> JSON {
        var data = JSON.object([])
        for field in type.fields where field.filledBy == nil && field.sensitivity != .personal {
            if let source, let same = source.type?.field(field.name), same.kind == field.kind, isCopied(field),
                let value = source.data[field.name]
            {
                data = data.setting(field.name, to: value)
            }
            if case .identifiers(entity: "person") = field.kind, let person {
                data = data.setting(field.name, to: .array([.string(person)]))
            }
            guard let chosen = preset[field.name] else { continue }
            switch field.kind {
            case .code: data = data.setting(field.name, to: .string(chosen))
            case .boolean: data = data.setting(field.name, to: .bool(chosen == "true"))
            default: break
            }
        }
        return data
    }

    private func isCopied(_ field: Field) -> Bool {
        switch field.kind {
        case .code, .identifier: true
        default: false
        }
    }

    /// What the record is about, when the type does not make a new one.
    func subject(for type: EventType) -> String? {
        switch type.subject.kind {
        case "person": person
        case "case": caseFile?.id
        default: nil
        }
    }

    /// The village that a hub's record is for: that of the case, else that of the person.
    func audience(_ site: Site) -> RegionCode? {
        guard site.node.own.role != .village else { return nil }
        return caseFile?.region ?? person.flatMap { site.desk.people.card($0)?.region }
    }
}
