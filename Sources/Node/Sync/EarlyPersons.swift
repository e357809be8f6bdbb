import Catalogue
import Event
import Foundation
import Logging
import ReadModels
import Store
import Sync

/// Which persons a laptop that lacks much needs first: those in danger, those with an open case, those at risk, then
/// those recorded about last. Only of persons whose keys are wrapped for it, and only lines that it gets anyway.
public struct EarlyPersons: EarlySource {
    let node: Node

    public init(_ node: Node) { self.node = node }

    public func persons(
        for child: ServerSession.Child, lacking: [LogName: Range<Int64>], ask: EarlyAsk, bytes: Int
    ) throws -> [EarlyPerson] {
        guard child.region.level == .village else { return [] }
        // It may have been enrolled a moment ago.
        try node.keyring.settle()
        let shares = try node.store.keyShares(scope: child.region, parent: node.own.region, changedSince: nil)
            .filter { $0.recipient == child.node && $0.epoch == child.epoch }
        let keys = Dictionary(grouping: shares) { KeyName($0.key)?.holder ?? "" }
        guard !keys.isEmpty else { return [] }
        let erased = Set(try node.store.erasureOrders().filter { $0.through == .max }.map(\.holder))
        let lines = try EarlyLines(node, lacking)
        let people = try peopleAtRisk(child.region)
        let order = lines.ofPerson.keys.filter { keys[$0] != nil && !erased.contains($0) }
            .map { id in
                (rank: people.map { PeopleAtRisk.rank($0.person(id)) } ?? 0, touched: lines.touched(id), id: id)
            }
            .sorted { ($0.rank, $1.touched, $0.id) < ($1.rank, $0.touched, $1.id) }
        var (given, taken) = (Set<Int>(), 0)
        var persons: [EarlyPerson] = []
        for (_, _, id) in order where taken < bytes {
            let wanted = lines.inOrder(id).filter { index in
                let line = lines.all[index]
                return !ask.has(line.reference.log, line.reference.sequence)
                    && line.holders.allSatisfy { !erased.contains($0) } && given.insert(index).inserted
            }
            guard !wanted.isEmpty else { continue }
            let holders = Set(wanted.flatMap { lines.all[$0].holders } + [id])
            let early = try wanted.compactMap { try lines.line($0) }
            taken += early.reduce(0) { $0 + $1.bytes.count }
            persons.append(EarlyPerson(shares: holders.sorted().flatMap { keys[$0] ?? [] }, lines: early))
        }
        return persons
    }

    /// Nil where the read models cannot be asked: then the newest come first.
    private func peopleAtRisk(_ region: RegionCode) throws -> PeopleAtRisk? {
        do {
            return try PeopleAtRisk(try node.modelReader, in: region, today: node.localDay(node.now()))
        } catch let error as ReadModelError {
            node.logger.warning("early lines without urgency", metadata: ["reason": "\(error)"])
            return nil
        }
    }
}

/// What lines that a node lacks are about.
private struct EarlyLines {
    struct Line {
        let reference: LineReference
        let hybridTime: HybridTimestamp
        /// Says who the person is, or what may be done with her data.
        let isFirst: Bool
        /// Whose keys its personal members are under.
        let holders: [String]
    }

    private let store: LogStore
    private(set) var all: [Line] = []
    /// Indices of the lines about each person.
    private(set) var ofPerson: [String: Set<Int>] = [:]

    init(_ node: Node, _ lacking: [LogName: Range<Int64>]) throws {
        store = node.store
        let links = EarlyLinks(node.catalogue)
        var ofCase: [String: Set<Int>] = [:]
        var personsOfCase: [String: Set<String>] = [:]
        var place: [LineReference: Int] = [:]
        var referring: [(index: Int, targets: [LineReference])] = []
        for (log, range) in lacking.sorted(by: { $0.key < $1.key }) where log.lane != .audit {
            for (offset, bytes) in try store.lines(log, from: range.lowerBound, through: range.upperBound - 1)
                .enumerated()
            {
                // What cannot be read here is about nobody; it comes with its log.
                guard let line = try? EventLine(parsing: bytes) else { continue }
                let about = links.about(line)
                guard !about.persons.isEmpty || !about.cases.isEmpty || !about.targets.isEmpty else { continue }
                let index = all.count
                let reference = try LineReference(
                    log: log, sequence: range.lowerBound + Int64(offset), leafHash: LogStore.leafHash(of: bytes))
                all.append(
                    Line(
                        reference: reference, hybridTime: line.hybridTime,
                        isFirst: line.type == PersonBook.registered || line.type.hasPrefix("privacy."),
                        holders: Self.holders(line.data)))
                place[reference] = index
                for person in about.persons { ofPerson[person, default: []].insert(index) }
                for id in about.cases {
                    ofCase[id, default: []].insert(index)
                    personsOfCase[id, default: []].formUnion(about.persons)
                }
                if !about.targets.isEmpty { referring.append((index, about.targets)) }
            }
        }
        for (id, persons) in personsOfCase {
            for person in persons { ofPerson[person, default: []].formUnion(ofCase[id] ?? []) }
        }
        // Corrections go with what they correct.
        var owners: [Int: Set<String>] = [:]
        for (person, indices) in ofPerson { for index in indices { owners[index, default: []].insert(person) } }
        for (index, targets) in referring {
            for person in targets.compactMap({ place[$0] }).flatMap({ owners[$0] ?? [] }) {
                ofPerson[person, default: []].insert(index)
            }
        }
    }

    func touched(_ person: String) -> HybridTimestamp {
        (ofPerson[person] ?? []).map { all[$0].hybridTime }.max() ?? .zero
    }

    /// Lines about a person: first who she is, then the newest.
    func inOrder(_ person: String) -> [Int] {
        (ofPerson[person] ?? []).sorted { left, right in
            let (a, b) = (all[left], all[right])
            if a.isFirst != b.isFirst { return a.isFirst }
            return (b.hybridTime, left) < (a.hybridTime, right)
        }
    }

    func line(_ index: Int) throws -> EarlyLine? {
        let reference = all[index].reference
        return try store.line(reference).map { EarlyLine(reference: reference, bytes: $0) }
    }

    private static func holders(_ data: JSON) -> [String] {
        [data["personal"], data["patch"]?["personal"]].compactMap { $0?["key"]?.stringValue }
            .compactMap { KeyName($0)?.holder }
    }
}

/// Which persons, cases and lines a line names, from its type's schema.
private struct EarlyLinks {
    private struct Members {
        var persons: [String] = []
        var cases: [String] = []
        var references: [String] = []
        var subject = ""
    }

    private let members: [String: Members]

    init(_ catalogue: Catalogue) {
        members = catalogue.types.mapValues { type in
            type.fields.reduce(into: Members(subject: type.subject.kind)) { members, field in
                switch field.kind {
                case .identifier(entity: "person"), .identifiers(entity: "person"): members.persons.append(field.name)
                case .identifier(entity: "case"), .identifiers(entity: "case"): members.cases.append(field.name)
                case .reference: members.references.append(field.name)
                default: break
                }
            }
        }
    }

    func about(_ line: EventLine) -> (persons: Set<String>, cases: Set<String>, targets: [LineReference]) {
        guard let members = members[line.type] else { return ([], [], []) }
        func values(_ names: [String]) -> [String] {
            names.compactMap { line.data[$0] }.flatMap { ($0.arrayValue ?? [$0]).compactMap(\.stringValue) }
        }
        let subject = { (kind: String) in members.subject == kind ? [line.subject] : [] }
        return (
            Set(values(members.persons) + subject("person")), Set(values(members.cases) + subject("case")),
            values(members.references).compactMap { try? LineReference($0) }
        )
    }
}
