import Event
import Foundation
import ReadModels
import Store
import Sync

/// What a laptop in foreign hands may reveal, and how much of its work is safe at this node. Without any name: who may
/// read names does so on the pages, where it leaves a line.
public struct Exposure: Sendable {
    /// Someone whose key was wrapped for that laptop.
    public struct Person: Sendable {
        public let id: String
        public let village: String
        /// Code of RISK_BAND, where they were screened.
        public let band: String?
        /// Code of SEVERITY, where a case of theirs is open.
        public let openCase: String?
        public let immediateDanger: Bool
    }

    /// One of its own logs, as far as it is here.
    public struct Log: Sendable {
        public let log: LogName
        public let size: Int64
        /// When the last line here was recorded (RFC 3339); nil where it says nothing readable.
        public let last: String?
    }

    public let enrolment: Enrolment
    public let revoked: String?
    public let lastContact: String?
    /// Whether it deposited the means to a forgotten passphrase: then it has one.
    public let hasPassphrase: Bool
    /// Most urgent first: in danger, case open, at risk, then by village.
    public let persons: [Person]
    public let logs: [Log]
    /// Lines of other nodes that it could hold by now.
    public let othersLines: Int64
}

extension Node {
    /// - Throws: `NodeError` when no copy of that node is enrolled here.
    public func exposures(of name: NodeName) throws -> [Exposure] {
        let copies = try store.enrolments().filter { $0.enrolment.node == name }
        guard !copies.isEmpty else {
            throw NodeError(.badInput, "no copy of \(name) is enrolled here", advice: "`simpul nodes list` shows them")
        }
        try project()
        let people = try PeopleAtRisk(try modelReader, today: localDay(now()))
        return try copies.map { try exposure($0, people) }
    }

    private func exposure(_ known: KnownEnrolment, _ people: PeopleAtRisk) throws -> Exposure {
        let copy = known.enrolment
        let peer = try store.peer(copy.node)
        let rows = try store.table(scope: copy.region, changedSince: nil)
        let own = rows.filter { $0.log.node == copy.node && $0.log.epoch == copy.epoch }
        let holders = Set(
            try store.keyShares(recipient: copy.node, epoch: copy.epoch).compactMap { KeyName($0.key)?.holder })
        return Exposure(
            enrolment: copy, revoked: known.revoked, lastContact: peer.lastContact ?? peer.contactDay,
            hasPassphrase: try newestDeposit(of: copy) != nil,
            persons: holders.map { people.person($0) }.sorted(by: PeopleAtRisk.isMoreUrgent),
            logs: try own.map { row in
                let last = try store.line(row.log, row.size - 1).flatMap { try? EventLine(parsing: $0) }
                return Exposure.Log(log: row.log, size: row.size, last: last?.time.description)
            },
            othersLines: rows.reduce(0) { $0 + $1.size } - own.reduce(0) { $0 + $1.size })
    }
}

/// What the read models know of persons that bears on how soon they must be warned.
struct PeopleAtRisk {
    private var villages: [String: String] = [:]
    private var bands: [String: String] = [:]
    private var severities: [String: String] = [:]
    private var endangered: Set<String> = []

    /// - Parameter region: where the persons are served.
    init(_ models: ModelReader, in region: RegionCode = .nation, today: String) throws {
        guard let today = LocalDay(today) else { return }
        func rows(_ model: String) throws -> Answer {
            try models.query(
                ModelQuery(model, limit: 1_000_000, scope: region, reader: .holder, today: today))
        }
        let states = try rows("person_state")
        for row in states.rows.indices {
            if let id = states[row, "person"]?.text { villages[id] = states[row, "village"]?.text }
        }
        let screened = try rows("village_risk_board")
        for row in screened.rows.indices {
            if let id = screened[row, "person"]?.text { bands[id] = screened[row, "band"]?.text }
        }
        let cases = try rows("case_board")
        for row in cases.rows.indices where cases[row, "is_open"]?.integer == 1 {
            guard let id = cases[row, "person"]?.text else { continue }
            severities[id] = cases[row, "severity"]?.text ?? "-"
            if cases[row, "immediate_danger"]?.integer == 1 { endangered.insert(id) }
        }
    }

    func person(_ id: String) -> Exposure.Person {
        Exposure.Person(
            id: id, village: villages[id] ?? "-", band: bands[id], openCase: severities[id],
            immediateDanger: endangered.contains(id))
    }

    static func isMoreUrgent(_ left: Exposure.Person, _ right: Exposure.Person) -> Bool {
        (rank(left), left.village, left.id) < (rank(right), right.village, right.id)
    }

    /// 0: in danger; 1: a case open; 2 and 3: at risk; 4: everyone else.
    static func rank(_ person: Exposure.Person) -> Int {
        if person.immediateDanger || person.openCase == "emergency" { return 0 }
        if person.openCase != nil { return 1 }
        return ["critical", "high"].firstIndex(of: person.band ?? "").map { 2 + $0 } ?? 4
    }
}
