import Catalogue
import Event
import Foundation
import Node
import Store
import Synchronization

/// A clock that goes on when it is told to.
public final class SteppedClock: Sendable {
    private let moment: Mutex<Date>

    public init(_ start: Date) { moment = Mutex(start) }

    public var now: @Sendable () -> Date { { [self] in moment.withLock { $0 } } }
    public func pass(_ seconds: TimeInterval) { moment.withLock { $0 += seconds } }
    public func set(_ date: Date) { moment.withLock { $0 = date } }
}

/// A year of a village's work, recorded through the node's own recorder: persons with names and consent, visits and
/// what comes of them, cases, some of persons in danger.
public struct VillageYear: Sendable {
    public struct Size: Sendable {
        public var persons: Int
        public var visits: Int
        public var cases: Int
        public var dangers: Int

        public init(persons: Int, visits: Int, cases: Int, dangers: Int) {
            (self.persons, self.visits, self.cases, self.dangers) = (persons, visits, cases, dangers)
        }

        /// Some three hundred persons, some four thousand lines.
        public static let whole = Size(persons: 300, visits: 1_100, cases: 14, dangers: 4)
        public static let small = Size(persons: 40, visits: 110, cases: 4, dangers: 2)
    }

    /// What is recorded beside a visit, and how often: the study of the work that the design rests on.
    private static let perVisit: [(type: String, chance: Double)] = [
        ("information.provided", 0.45), ("contact.checked", 0.45), ("household.profiled", 0.3),
        ("document.checked", 0.25), ("risk.screened", 0.12), ("debt.declared", 0.05), ("recruiter.sighted", 0.02),
        ("departure.recorded", 0.02),
    ]
    private static let role = "community_organizer"

    /// UUIDs, and under each the name.
    public private(set) var names: [String: String] = [:]
    /// Persons with an open case.
    public private(set) var withCase: Set<String> = []
    /// Those of them in immediate danger.
    public private(set) var endangered: Set<String> = []
    public private(set) var lines = 0

    /// - Parameter clock: the node's; a year passes on it.
    public init(_ node: Node, _ size: Size = .whole, clock: SteppedClock, seed: UInt64 = 1) throws {
        var random = SeededGenerator(seed: seed)
        let persons = (0..<size.persons).map { _ in Self.uuid(&random) }
        let households = (0..<size.persons / 3 + 1).map { _ in Self.uuid(&random) }
        let house = { (person: Int) in households[person / 3] }
        let step = 360 * 86_400 / Double(size.persons + size.visits + size.cases)
        for (index, id) in persons.enumerated() {
            let name = Self.name(&random)
            names[id] = name
            try record(Self.registration(of: id, name, household: house(index)), at: node)
            clock.pass(step)
        }
        let kinds = try Self.perVisit.map { type, chance in
            guard let kind = node.catalogue.types[type] else { throw CocoaError(.featureUnsupported) }
            return (kind, chance)
        }
        guard let visit = node.catalogue.types["visit.recorded"], let opened = node.catalogue.types["case.opened"]
        else {
            throw CocoaError(.featureUnsupported)
        }
        let every = max(1, size.visits / max(1, size.cases))
        for number in 0..<size.visits {
            let person = Int.random(in: persons.indices, using: &random)
            var drafts = [Self.draft(visit, node, persons[person], house(person), clock, &random)]
            for (kind, chance) in kinds where Double.random(in: 0..<1, using: &random) < chance {
                drafts.append(Self.draft(kind, node, persons[person], house(person), clock, &random))
            }
            if number % every == 0, withCase.count < size.cases, !withCase.contains(persons[person]) {
                let isDanger = endangered.count < size.dangers
                var draft = Self.draft(opened, node, persons[person], house(person), clock, &random)
                draft.subject = Self.uuid(&random)
                draft.data = draft.data.setting("case_id", to: nil)
                    .setting("immediate_danger", to: .bool(isDanger))
                withCase.insert(persons[person])
                if isDanger { endangered.insert(persons[person]) }
                drafts.append(draft)
            }
            try record(drafts, at: node)
            clock.pass(step)
        }
    }

    private mutating func record(_ drafts: [Draft], at node: Node) throws {
        lines += try node.recorder.record(drafts).count
    }

    public static func registration(of id: String, _ name: String, household: String) -> [Draft] {
        [
            Draft(
                type: "privacy.consent_granted", subject: id,
                data: [
                    "person_id": .string(id), "purposes": ["protection", "contact"], "form": "written",
                    "language": "id",
                    "text_version": "1.2.0", "given_by": "self",
                ], actor: "co-976e3d16", role: role),
            Draft(
                type: "person.registered", subject: id,
                data: [
                    "full_name": .string(name), "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                    "domicile_code": "36.04.13.2007", "household_id": .string(household), "lawful_basis": "consent",
                    "source": "home",
                ], actor: "co-976e3d16", role: role),
        ]
    }

    /// The example of a type, about these people at this moment, with other codes where they are as good.
    private static func draft(
        _ type: EventType, _ node: Node, _ person: String, _ household: String, _ clock: SteppedClock,
        _ random: inout SeededGenerator
    ) -> Draft {
        var data = type.example
        let moment = DateTime(milliseconds: Int64(clock.now().timeIntervalSince1970) * 1_000, offsetMinutes: 420)
        for field in type.fields where data[field.name] != nil {
            switch field.kind {
            case .identifier(let entity):
                data = data.setting(field.name, to: .string(id(entity, person, household, &random)))
            case .identifiers(let entity):
                data = data.setting(field.name, to: [.string(id(entity, person, household, &random))])
            case .dateTime: data = trying(field.name, .string(moment.description), in: data, type, node)
            case .date: data = trying(field.name, .string(moment.localDate), in: data, type, node)
            case .code:
                guard Bool.random(using: &random),
                    let other = field.options.filter({ !$0.isRetired }).randomElement(using: &random)
                else { continue }
                data = trying(field.name, .string(other.code), in: data, type, node)
            default: break
            }
        }
        let subject =
            switch type.subject.kind {
            case "person": person
            case "household": household
            default: uuid(&random)
            }
        return Draft(
            type: type.name, subject: type.subject(in: data) ?? subject, data: data, actor: "co-976e3d16", role: role)
    }

    private static func trying(_ name: String, _ value: JSON, in data: JSON, _ type: EventType, _ node: Node) -> JSON {
        let changed = data.setting(name, to: value)
        let isValid = node.catalogue.validate(type: type.name, data: changed).allSatisfy { $0.severity != .error }
        return isValid ? changed : data
    }

    private static func id(
        _ entity: String?, _ person: String, _ household: String, _ random: inout SeededGenerator
    ) -> String {
        switch entity {
        case "person": person
        case "household": household
        default: uuid(&random)
        }
    }

    private static func uuid(_ random: inout SeededGenerator) -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let text = bytes.map { String(format: "%02x", $0) }.joined()
        return [
            text.prefix(8), text.dropFirst(8).prefix(4), text.dropFirst(12).prefix(4), text.dropFirst(16).prefix(4),
            text.dropFirst(20),
        ]
        .map(String.init).joined(separator: "-")
    }

    private static func name(_ random: inout SeededGenerator) -> String {
        let first = ["Rohmah", "Siti", "Sutini", "Junali", "Aminah", "Karsih", "Warsinah", "Dewi", "Nurjanah", "Tarwi"]
        let last = ["Kanari", "Maryam", "Lestari", "Handayani", "Purwanti", "Suryani", "Wulandari", "Rahayu"]
        return "\(first.randomElement(using: &random) ?? "") \(last.randomElement(using: &random) ?? "") "
            + "\(Int.random(in: 100...999, using: &random))"
    }
}
