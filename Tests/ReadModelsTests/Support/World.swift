import Event
import ReadModels
import Testing

/// Some weeks of made-up work in three villages, their hub and the centre, all from a seed: late, corrected,
/// retracted, undone and repeated records among them.
final class World {
    var random: SeededGenerator
    let villages: [LogWriter]
    let hub: LogWriter
    let hubRegency: LogWriter
    let centre: LogWriter
    private var persons: [[String]]
    private var households: [[String]]
    private var enterprises: [[String]]
    private var cases: [(village: Int, id: String)] = []
    private var referrals: [(id: String, reference: LineReference)] = []
    /// Lines that can be corrected or retracted, each with a patch that fits.
    private var targets: [(village: Int, reference: LineReference, patch: JSON)] = []
    private var amendments: [(village: Int, reference: LineReference)] = []
    private var clock = LogWriter.start

    static let codes = ["36.04.13.2007", "36.04.13.2008", "36.04.20.2001"]

    init(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        villages = try Self.codes.enumerated().map { try LogWriter("desa-\($0)/\($1):main/000000000000000\($0)") }
        hub = try LogWriter("hub-serang/36.04.13.2007:main/00000000000000aa")
        hubRegency = try LogWriter("hub-serang/36.04:main/00000000000000aa")
        centre = try LogWriter("pusat/id:main/00000000000000cc")
        persons = Self.codes.map { _ in (0..<8).map { _ in random.uuid() } }
        households = Self.codes.map { _ in (0..<4).map { _ in random.uuid() } }
        enterprises = Self.codes.map { _ in (0..<2).map { _ in random.uuid() } }
        self.random = random
        try enrol()
    }

    var logs: [LogWriter] { villages + [hub, hubRegency, centre] }

    private func enrol() throws {
        for (index, code) in Self.codes.enumerated() { try enrol("desa-\(index)", code, "village", by: hubRegency) }
        try enrol("hub-serang", "36.04", "hub", by: centre)
        try enrol("pusat", "id", "centre", by: centre)
        try administer()
    }

    /// What offices and programs write: an appointment, released statistics, a reading and an approval, a person who moved,
    /// a region code that was superseded.
    private func administer() throws {
        try hub.add(
            "community.organizer_changed", subject: "community-1", occurred: "2026-06-01",
            data: [
                "org_id": "community-1", "actor_id": "co-1", "personal": ["key": "k/1", "box": "AAAA"],
                "role": "community_organizer", "action": "appointed", "effective_on": "2026-06-01",
                "is_village_official": true,
            ])
        let change: JSON = [
            "series": "departures", "period": "2026-07", "place": "36.04", "category": "all", "persons": 5,
        ]
        try centre.add(
            "statistics.released", subject: "release-1", occurred: "2026-08-01",
            data: ["cut": 1, "changes": .array([change])])
        let pooled = change.setting("into_place", to: "36.04").setting("into_category", to: "all")
        try centre.add(
            "statistics.pooled", subject: "release-2", occurred: "2026-08-01", data: ["changes": .array([pooled])])
        try hub.add(
            "personal.read", subject: "reading-1", occurred: "2026-08-01",
            data: [
                "purpose": "protection", "resource": "/orang", "exported": false, "count": 1,
                "about": .array([["kind": "person", "whom": "person-1"]]),
            ])
        try hubRegency.add(
            "export.approved", subject: "approval-1", occurred: "2026-08-01",
            data: [
                "reader": "ho-1", "model": "person_state", "persons_at_most": 500, "valid_until": "2026-12-31",
                "reason": "Laporan tahunan",
            ])
        let moved = persons[0][0]
        try hub.add(
            "person.moved", subject: moved, occurred: "2026-07-15",
            data: ["person_id": .string(moved), "to_village": .string(Self.codes[1]), "moved_on": "2026-07-15"])
        try hub.add(
            "dossier.handed_over", subject: moved, occurred: "2026-07-16",
            data: [
                "person_id": .string(moved), "to_village": .string(Self.codes[1]), "lines": 3, "keys": 1,
                "handed_over_at": "2026-07-16T10:00:00+07:00",
            ])
        try centre.add(
            "reference.region_code_superseded", subject: "36.04.99.2001", occurred: "2026-07-01",
            data: [
                "old_code": "36.04.99.2001", "new_codes": .array([["code": "36.04.98.2001"]]),
                "effective_on": "2026-07-01", "decree": "Contoh",
            ])
    }

    private func enrol(_ node: String, _ region: String, _ role: String, by log: LogWriter) throws {
        try log.add(
            "node.enrolled", subject: node, occurred: "2026-06-01",
            data: [
                "node": .string(node), "epoch": "0123456789abcdef", "region": .string(region),
                "regionedition": "2025-2430", "role": .string(role), "sign": "c2ln", "wrap": "d3JhcA==",
                "since": "2026-06-01",
            ])
    }

    // MARK: - Work

    func work(_ steps: Int) throws {
        for _ in 0..<steps { try step() }
    }

    private func pick<T>(_ values: [T]) throws -> T { try #require(values.randomElement(using: &random)) }

    private func day() -> String {
        let day = Int.random(in: 1...28, using: &random)
        let month = Int.random(in: 5...8, using: &random)
        return "2026-0\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    private func moment() -> Int64 {
        clock += Int64.random(in: 0...90_000_000, using: &random)
        // A clock that stands still makes equal times, which the order of meaning must still decide.
        if random.chance(20) { clock -= clock % 1_000_000_000 }
        return clock
    }

    private func step() throws {
        let village = Int.random(in: 0..<villages.count, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case ..<10: try register(village)
        case ..<18: try changeStage(village)
        case ..<30: try visit(village)
        case ..<42: try screen(village)
        case ..<50: try inform(village)
        case ..<58: try depart(village)
        case ..<64: try openCase(village)
        case ..<74: try workOnCase()
        case ..<80: try report(village)
        case ..<83: try license()
        case ..<85: try contact()
        case ..<86: try erase(village)
        case ..<93: try correct()
        case ..<97: try retract()
        default: try undo()
        }
    }

    private func note(_ village: Int, _ reference: LineReference, patch: JSON) {
        targets.append((village, reference, patch))
    }

    private func register(_ village: Int) throws {
        let reference = try villages[village].add(
            "person.registered", subject: pick(persons[village]), occurred: day(),
            data: [
                "personal": ["key": "k/1", "box": "AAAA"], "birth_year": 1990, "sex": try pick(["F", "M"]),
                "role": "cpmi", "stage": try pick(["before", "none"]), "domicile_code": .string(Self.codes[village]),
                "lawful_basis": "consent", "source": "home",
            ], recorded: moment(), dedupe: random.chance(30) ? "import-\(Int.random(in: 0..<6, using: &random))" : nil)
        note(village, reference, patch: ["sex": "U", "occurredat": .string(day())])
    }

    private func changeStage(_ village: Int) throws {
        let since = day()
        let reference = try villages[village].add(
            "person.stage_changed", subject: pick(persons[village]), occurred: since,
            data: [
                "person_id": "x", "to_stage": try pick(["before", "during", "after"]), "legal_status": "unknown",
                "since": .string(since), "evidence": try pick(["family", "rumour"]),
            ], recorded: moment())
        note(village, reference, patch: ["evidence": "document_seen"])
    }

    private func visit(_ village: Int) throws {
        let on = day()
        let reference = try villages[village].add(
            "visit.recorded", subject: pick(households[village]), occurred: on + "T10:00:00+07:00",
            data: [
                "household_id": "h", "person_ids": [.string(try pick(persons[village]))], "purpose": "routine",
                "channel": "home", "started_at": .string(on + "T10:00:00+07:00"), "met": "met",
                "topics": ["visa", "procedure"], "next_visit_on": .string(day()),
            ], recorded: moment())
        note(village, reference, patch: ["next_visit_on": nil, "topics": ["visa"]])
    }

    private func screen(_ village: Int) throws {
        let on = day()
        let reference = try villages[village].add(
            "risk.screened", subject: pick(persons[village]), occurred: on,
            data: [
                "person_id": "p", "screened_on": .string(on), "stage": "before", "country": "SA", "visa": "ziarah",
                "answers": [["indicator": "R01", "answer": "yes"], ["indicator": "R02", "answer": "no"]],
                "safe_to_contact": true, "rules_version": "0.1.0",
                "score_local": .int(Int64.random(in: 0...100, using: &random)),
                "band_local": try pick(["low", "medium", "high", "critical"]), "incomplete_local": false,
                "reasons_local": ["R01", "R05"], "hard_local": random.chance(30) ? ["R01"] : [],
            ], recorded: moment())
        note(village, reference, patch: ["score_local": 1, "band_local": "low", "hard_local": nil])
    }

    private func inform(_ village: Int) throws {
        let on = day()
        let reference = try villages[village].add(
            "information.provided", subject: random.uuid(), occurred: on,
            data: [
                "provided_on": .string(on), "audience": "group",
                "group_size": .int(Int64.random(in: 2...30, using: &random)), "topics": ["visa"], "stage": "before",
            ], recorded: moment())
        note(village, reference, patch: ["group_size": 7, "occurredat": "2026-05-05"])
    }

    private func depart(_ village: Int) throws {
        let on = try pick([day(), "2026-07", "2026"])
        let reference = try villages[village].add(
            "departure.recorded", subject: random.uuid(), occurred: on,
            data: [
                "person_id": .string(try pick(persons[village])), "episode_id": "e", "left_on": .string(on),
                "country": "SA", "visa": try pick(["work", "ziarah", "tourist"]),
                "legal_status": try pick(["procedural", "non_procedural", "unknown"]), "evidence": "family",
            ], recorded: moment(), dedupe: random.chance(40) ? "dep-\(Int.random(in: 0..<5, using: &random))" : nil)
        note(village, reference, patch: ["visa": "umrah", "legal_status": "non_procedural"])
    }

    private func openCase(_ village: Int) throws {
        let id = random.uuid()
        let on = day()
        let reference = try villages[village].add(
            "case.opened", subject: id, occurred: on,
            data: [
                "person_id": .string(try pick(persons[village])), "opened_on": .string(on),
                "reporter_kind": "family", "kind": "illegal_recruitment", "stage": "before",
                "personal": ["key": "k/1", "box": "AAAA"], "immediate_danger": random.chance(20) ? true : false,
                "safe_channel": "phone",
            ], recorded: moment())
        cases.append((village, id))
        note(village, reference, patch: ["immediate_danger": true])
    }

    private func workOnCase() throws {
        guard let (village, id) = cases.randomElement(using: &random) else { return }
        let at = day() + "T09:00:00+07:00"
        func write(_ type: String, _ log: LogWriter, _ data: JSON) throws -> LineReference {
            try log.add(type, subject: id, occurred: at, data: data, region: Self.codes[village], recorded: moment())
        }
        let log = village == 0 ? hub : hubRegency
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            _ = try write(
                "case.triaged", log,
                [
                    "triaged_at": .string(at), "severity": try pick(["emergency", "low"]), "family": "rights",
                    "owner_unit": "BP3MI Banten", "sla_due_at": "2026-08-01T00:00:00+07:00",
                    "possible_trafficking": false,
                ])
        case 1:
            _ = try write(
                "case.assigned", log,
                [
                    "to_village": .string(Self.codes[village]), "assigned_at": .string(at), "task": "visit",
                    "due_on": "2026-08-20", "urgent": false,
                ])
        case 2:
            let reference = try write(
                "case.referred", villages[village],
                [
                    "referred_at": .string(at), "to_body": "bp3mi", "reason": ["legal"], "data_shared": ["none"],
                    "respond_by": "2026-08-09T00:00:00Z", "urgent": true,
                ])
            referrals.append((id, reference))
        case 3:
            guard let (id, referral) = referrals.randomElement(using: &random) else { return }
            try log.add(
                "case.referral_answered", subject: id, occurred: at,
                data: [
                    "referral_ref": .string(referral.description), "answer": "accepted", "answered_at": .string(at),
                ], region: Self.codes[village], recorded: moment())
        case 4:
            let reference = try write(
                "case.assistance_given", villages[village],
                ["kind": "pfa", "by_body": "kkbm", "at": .string(at), "hours": .decimal("1.5")])
            note(village, reference, patch: ["cost": 50_000])
        case 5:
            _ = try write(
                "case.closed", log,
                [
                    "reason": try pick(["resolved", "b1_incomplete_30d"]), "closed_at": .string(at),
                    "complainant_informed": true,
                ])
        default: _ = try write("case.reopened", log, ["reopened_at": .string(at), "reason": "new_fact"])
        }
    }

    private func report(_ village: Int) throws {
        let month = try pick(["2026-06", "2026-07"])
        let reference = try villages[village].add(
            "enterprise.performance_reported", subject: pick(enterprises[village]), occurred: month,
            data: [
                "enterprise_id": "e", "month": .string(month),
                "turnover": .int(Int64.random(in: 0...9_000_000, using: &random)),
                "status": try pick(["running", "paused", "expanded"]), "kur_used": false,
            ], recorded: moment())
        note(village, reference, patch: ["turnover": 1, "status": "closed"])
    }

    private func license() throws {
        let from = day()
        try centre.add(
            "p3mi.licence_recorded", subject: try pick(["p-1", "p-2"]), occurred: from,
            data: [
                "p3mi_id": "p", "name": "PT Contoh", "sip3mi_no": "1", "status": try pick(["valid", "revoked"]),
                "valid_from": .string(from), "hq_code": "31.74",
            ], recorded: moment())
    }

    private func contact() throws {
        let on = day()
        let node = "desa-\(Int.random(in: 0..<3, using: &random))"
        try hubRegency.add(
            "node.contacted", subject: node, occurred: on,
            data: ["node": .string(node), "epoch": "0123456789abcdef", "on": .string(on)], recorded: moment())
    }

    private func erase(_ village: Int) throws {
        let person = try pick(persons[village])
        try villages[village].add(
            "privacy.request_received", subject: person, occurred: day(),
            data: [
                "person_id": .string(person), "kind": "erase", "received_at": "2026-07-20T09:00:00+07:00",
                "channel": "home",
            ], recorded: moment())
        let order = try hub.add(
            "privacy.erasure_ordered", subject: person, occurred: day(),
            data: ["person_id": .string(person), "reason": "request", "ordered_at": "2026-07-21T09:00:00+07:00"],
            recorded: moment())
        try villages[village].add(
            "privacy.erasure_confirmed", subject: person, occurred: day(),
            data: [
                "person_id": .string(person), "order_ref": .string(order.description),
                "by_node": .string("desa-\(village)"), "keys_destroyed": 1, "obeyed_at": "2026-07-21T10:00:00+07:00",
            ], recorded: moment())
    }

    // MARK: - Second thoughts

    /// The log in which a target is corrected: its own village's, or the hub's.
    private func corrector(_ village: Int) -> LogWriter {
        random.chance(50) ? villages[village] : hubRegency
    }

    private func correct() throws {
        guard let (village, target, patch) = targets.randomElement(using: &random) else { return }
        let broken: JSON = ["score_local": "many", "group_size": "many", "sex": 7, "birth_year": "x", "turnover": "x"]
        let reference = try corrector(village).correct(
            target, patch: random.chance(10) ? broken : patch, recorded: moment())
        amendments.append((village, reference))
    }

    private func retract() throws {
        guard let (village, target, _) = targets.randomElement(using: &random) else { return }
        amendments.append((village, try corrector(village).retract(target, recorded: moment())))
    }

    private func undo() throws {
        guard let (village, target) = amendments.randomElement(using: &random) else { return }
        amendments.append((village, try corrector(village).retract(target, recorded: moment())))
    }

    // MARK: - Arrival

    /// All lines in some order of arrival: each log in its own order, cut into runs at random, some runs twice.
    func arrival(seed: UInt64, longestRun: Int = 9) -> ArrayIntake {
        var order = SeededGenerator(seed: seed)
        var next = logs.map { _ in 0 }
        var runs: [(log: LogName, first: Int64, lines: [[UInt8]])] = []
        while let index = logs.indices.filter({ next[$0] < logs[$0].lines.count }).randomElement(using: &order) {
            let count = min(
                Int.random(in: 1...longestRun, using: &order), logs[index].lines.count - next[index])
            runs.append(
                (logs[index].log, Int64(next[index]), Array(logs[index].lines[next[index]..<(next[index] + count)])))
            next[index] += count
            if order.chance(10), let again = runs.randomElement(using: &order) { runs.append(again) }
        }
        return ArrayIntake(runs)
    }
}
