import Catalogue
import Event
import Foundation
import Store

/// Makes complete drafts of what people enter: fills in what the program knows, and names everything that is wrong
/// at once instead of one thing at a time.
public struct DraftBuilder: Sendable {
    public let type: EventType
    private let catalogue: Catalogue
    private let own: Enrolment
    private let author: Author
    private let today: String

    /// - Throws: `NodeError` `.badInput` when the type is not known, or people do not record it at this kind of
    ///   node.
    public init(node: Node, type name: String, author: Author) throws {
        guard let type = node.catalogue.types[name] else {
            throw NodeError(
                .badInput, "the event type \(name) is not known here", advice: Self.advice(name, node.catalogue))
        }
        self.type = type
        catalogue = node.catalogue
        own = node.own
        self.author = author
        today = node.localDay(node.now())
        try refuseForeignKind()
    }

    /// The draft, and what is wrong or doubtful about the entry. The draft is nil when something is wrong.
    ///
    /// - Parameter newSubject: makes the UUID of an entity that the record brings into being.
    public func draft(
        of entry: Entry, newSubject: () -> String = { UUID().uuidString.lowercased() }
    ) -> (draft: Draft?, problems: [Problem]) {
        var problems: [Problem] = roleProblems()
        var data = entry.data
        let subject = subject(of: entry, &data, newSubject, &problems)
        let occurred = occurredAt(of: entry, &problems)
        let audience = audience(of: entry, &problems)
        data = catalogue.filling(data, of: type, today: today)
        problems += type.validate(data, today: today)
        guard problems.allowSaving else { return (nil, problems) }
        let draft = Draft(
            type: type.name, subject: subject, data: data, occurredAt: occurred, actor: author.actor,
            role: author.role, audience: audience)
        return (draft, problems)
    }

    // MARK: - Parts

    private func subject(
        of entry: Entry, _ data: inout JSON, _ newSubject: () -> String, _ problems: inout [Problem]
    ) -> String? {
        let named = type.subject(in: data)
        if let given = entry.subject, let named, given != named {
            problems.append(.subjectsDiffer(field: type.subject.field ?? ""))
        }
        guard let subject = entry.subject ?? named ?? (type.subject.isNew ? newSubject() : nil) else {
            // A type that repeats its subject in the data asks for it there, in its own words.
            if type.subject.field == nil { problems.append(.noSubject(kind: type.subject.kind)) }
            return nil
        }
        if let field = type.subject.field, named == nil { data = data.setting(field, to: .string(subject)) }
        return subject
    }

    private func occurredAt(of entry: Entry, _ problems: inout [Problem]) -> OccurredAt? {
        guard let text = entry.occurredAt else { return nil }
        guard let occurred = OccurredAt(text) else {
            problems.append(.notAMoment(text))
            return nil
        }
        return occurred
    }

    private func audience(of entry: Entry, _ problems: inout [Problem]) -> RegionCode? {
        guard let text = entry.audience else { return nil }
        guard let region = try? RegionCode(text), region.isAtOrBelow(own.region) else {
            problems.append(.notOurs(region: text, own: own.region.description))
            return nil
        }
        return region
    }

    private func roleProblems() -> [Problem] {
        let known = catalogue.codeLists["ROLE"]?.entries.map(\.code) ?? []
        if !known.isEmpty, !known.contains(author.role) { return [.unknownRole(author.role, known: known)] }
        guard !type.roles.isEmpty, !type.roles.contains(author.role) else { return [] }
        return [.roleMayNot(author.role, type: type.name, roles: type.roles)]
    }

    private func refuseForeignKind() throws {
        let kind = EventType.NodeKind(rawValue: own.role.rawValue)
        guard let kind, !type.nodes.isEmpty, !type.nodes.contains(kind) else { return }
        let places = type.nodes.map(\.rawValue).sorted().joined(separator: ", ")
        throw NodeError(
            .badInput, "\(type.name) is not recorded by people at a \(own.role.rawValue)",
            advice: type.nodes == [.program] ? "the program writes it by itself" : "record it at: \(places)")
    }

    private static func advice(_ name: String, _ catalogue: Catalogue) -> String {
        let family = name.split(separator: ".").first.map(String.init) ?? name
        let near = catalogue.types.keys.filter { $0.hasPrefix(family + ".") }.sorted()
        guard !near.isEmpty else { return "`simpul catalogue list` lists the types" }
        return "did you mean \(near.joined(separator: ", "))? `simpul catalogue list` lists all"
    }
}
