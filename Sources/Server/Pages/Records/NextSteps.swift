import Catalogue
import Node

/// What can be recorded next, from the catalogue and the person's role: the common things first.
struct NextSteps {
    /// Records that organizers make most, in the order of a working day.
    private static let common = [
        "visit.recorded", "risk.screened", "contact.checked", "information.provided", "departure.recorded",
        "debt.declared", "recruiter.sighted", "case.opened", "household.profiled", "person.stage_changed",
        "p3mi.licence_recorded", "warning.published",
    ]

    private let types: [EventType]

    init(_ site: Site, _ account: Account) {
        types = site.node.catalogue.types.values.filter { type in
            site.isAllowed(type, for: account) && type.audience.level != .target
        }.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
    }

    /// Types that need nothing to start from, common ones apart.
    var startable: (featured: [EventType], others: [EventType]) {
        let startable = types.filter { type in
            let isSelfStanding = type.subject.isNew || type.subject.field != nil || type.subject.kind == "region"
            let needsReference = type.fields.contains { $0.kind == .reference && $0.required }
            return isSelfStanding && !needsReference && type.subject.kind != "node" && !type.isRegistration
        }
        return (startable.filter { $0.rank < Self.common.count }, startable.filter { $0.rank >= Self.common.count })
    }

    /// Records about a person.
    func links(person: String, _ words: Wording, limit: Int) -> [RecordPages.NextStep] {
        types.filter { $0.isAboutPerson && !$0.isRegistration }.prefix(limit).map { type in
            .init(nextHref: "/catat/\(type.name)?orang=\(person)", nextLabel: words.action(type))
        }
    }

    /// Records about a case that is there already.
    func links(case id: String, _ words: Wording) -> [RecordPages.NextStep] {
        types.filter { type in
            type.subject.kind == "case" && !type.subject.isNew
                && !type.fields.contains { $0.kind == .reference && $0.required }
        }.map { .init(nextHref: "/catat/\($0.name)?kasus=\(id)", nextLabel: words.action($0)) }
    }

    static func rank(_ name: String) -> Int { common.firstIndex(of: name) ?? common.count }
}

extension EventType {
    fileprivate var rank: Int { NextSteps.rank(name) }

    /// Registering has pages of its own, with consent first.
    fileprivate var isRegistration: Bool { subject.kind == "person" && subject.isNew }

    /// Whether it is made for one person, who is chosen first.
    var isAboutPerson: Bool {
        if subject.kind == "person" { return true }
        return fields.contains { field in
            switch field.kind {
            case .identifier(entity: "person"), .identifiers(entity: "person"):
                field.control == .personLookup && !field.isSecondary
            default: false
            }
        } && subject.isNew
    }
}
