import Catalogue
import Event
import Foundation
import Logging
import ReadModels
import Store
import Sync

/// What an erasure is to be, before it is ordered.
public struct ErasurePlan: Sendable {
    /// UUID of the person.
    public let person: String
    /// Villages whose nodes hold keys or lines of hers.
    public let villages: [RegionCode]
    /// Keys of households and cases under which her name may stand too: all up to that number.
    public let also: [KeyName]
    /// Cases of hers that still run: reasons not to erase now.
    public let openCases: [String]
    /// The oldest request to erase that is not answered; nil when nobody asked.
    public let request: LineReference?
}

/// Erasing a person (`protocol/06-personal-data.md`): ordered by a line, obeyed by every node that gets it, confirmed
/// by each.
extension Node {
    /// Obeys orders of erasure, opens and wraps keys, and says what was obeyed. After every sync, and on opening.
    public func settle() throws {
        try keyring.settle()
        try confirmErasures()
    }

    /// On opening, before anything is shown: a restored copy may hold again what was destroyed.
    func obeyErasures() throws {
        try keyring.obey()
        try confirmErasures()
    }

    private func confirmErasures() throws {
        let all = try keyring.keys.obeyed()
        let pending = all.filter { !$0.isConfirmed }
        // A restored node obeys at once and says so when it may write again.
        guard !pending.isEmpty, try !store.isHolding() else { return }
        guard try store.scrub() else {
            // Somebody reads an older state of the file, in which wrapped keys still stand. Confirmed next time.
            logger.notice("erasure waits", metadata: ["reason": "another process reads log.db"])
            return
        }
        try removeErasedContents()
        let byOrder = Dictionary(grouping: pending, by: \.order.reference).sorted { $0.key < $1.key }
        let drafts = try byOrder.compactMap { reference, entries -> Draft? in
            // Of the whole order: only a household's key may have come back with an older copy.
            guard let order = all.first(where: { $0.order.reference == reference && $0.order.through == .max })?.order
            else { return nil }
            return Draft(
                type: "privacy.erasure_confirmed", subject: order.holder,
                data: [
                    "person_id": .string(order.holder), "order_ref": .string(reference),
                    "by_node": .string(own.node.description),
                    "keys_destroyed": .int(Int64(entries.reduce(0) { $0 + $1.destroyed })),
                    "obeyed_at": .string(moment.description),
                ], actor: own.node.description, role: "system", audience: try RegionCode(order.region))
        }
        // Recorded first: a crash in between says it twice, never not at all.
        try recorder.record(drafts)
        try keyring.keys.noteConfirmed(Set(byOrder.map(\.key)))
    }

    /// This moment at this place.
    var moment: DateTime {
        let now = now()
        return DateTime(
            milliseconds: Int64(now.timeIntervalSince1970) * 1_000,
            offsetMinutes: timeZone.secondsFromGMT(for: now) / 60)
    }

    // MARK: - Ordering

    /// Looks at what an erasure would do, and what stands against it.
    ///
    /// - Parameter keep: households and cases whose keys are to stay though her name may stand under them.
    /// - Throws: `NodeError` where this node may not order it, or does not know the person.
    public func planErasure(of person: String, keep: Set<String> = []) throws -> ErasurePlan {
        guard own.role != .village else {
            throw NodeError(
                .badInput, "an erasure is ordered by the hub, which can see whether it endangers the person",
                advice: "record the request here: `simpul erase \(person) --request`; the hub has 72 hours")
        }
        // Who was found to be registered twice is one person: all of her goes.
        let others = try mergedWith(person)
        let all = [person] + others
        let lines = try all.flatMap(store.privacyLines(about:))
        let shared = try all.flatMap { try store.keyShares(holder: $0).map(\.region) }
        let held = try all.flatMap(keyring.keys.names(of:)).compactMap { try? RegionCode($0.region) }
        let villages = Set(lines.compactMap(\.log.audience.region) + shared + held)
            .filter { $0.level == .village && $0.isAtOrBelow(own.region) }
        guard !villages.isEmpty else {
            throw NodeError(
                .badInput, "no village of \(own.region) has a record of the person \(person)",
                advice: "`simpul keys list` shows the persons known here")
        }
        let sorted = villages.sorted { $0.description < $1.description }
        return ErasurePlan(
            person: person, villages: sorted,
            also: try others.compactMap(everyKey) + all.flatMap { try namedElsewhere($0, sorted, keep: keep) },
            openCases: try all.flatMap(openCases), request: try openRequest(lines))
    }

    /// Orders an erasure: one line for each village concerned. Obeyed here before this returns.
    ///
    /// - Parameter reason: a code of the list ERASE_REASON.
    /// - Throws: `NodeError` while a case of the person runs: what protects her must not be destroyed.
    @discardableResult
    public func order(_ plan: ErasurePlan, reason: String, actor: String, role: String) throws -> [AppendedLine] {
        try order([plan], reason: reason, actor: actor, role: role)
    }

    /// Orders several erasures at once: all of them, or none.
    @discardableResult
    public func order(_ plans: [ErasurePlan], reason: String, actor: String, role: String) throws -> [AppendedLine] {
        let lines = try recorder.record(try plans.flatMap { try drafts($0, reason: reason, actor: actor, role: role) })
        try settle()
        return lines
    }

    private func drafts(_ plan: ErasurePlan, reason: String, actor: String, role: String) throws -> [Draft] {
        let before = try store.erasureOrders().filter { $0.holder == plan.person }
        if let order = before.first, try !keyring.inventory(of: plan.person).contains(where: \.isHeld) {
            throw NodeError(
                .badInput,
                "the erasure of \(plan.person) was ordered already (\(order.reference)), and no key of hers is left",
                advice: "`simpul erase --status` says which nodes have carried it out")
        }
        guard plan.openCases.isEmpty else {
            throw NodeError(
                .refused,
                "the erasure of \(plan.person) is refused: \(plan.openCases.count) case(s) of hers still run, and what "
                    + "protects her would be destroyed (\(plan.openCases.joined(separator: ", ")))",
                advice: "close the cases first, or refuse the request with its reason: "
                    + "`simpul erase \(plan.person) --refuse GROUND`")
        }
        let base: JSON = [
            "person_id": .string(plan.person), "reason": .string(reason), "ordered_at": .string(moment.description),
        ]
        let others = plan.also.map {
            JSON.object([JSONMember("holder", .string($0.holder)), JSONMember("through", .int($0.number))])
        }
        let data = others.isEmpty ? base : base.setting("also", to: .array(others))
        let full = plan.request.map { data.setting("request_ref", to: .string($0.description)) } ?? data
        return plan.villages.map {
            Draft(
                type: "privacy.erasure_ordered", subject: plan.person, data: full, actor: actor, role: role,
                audience: $0)
        }
    }

    /// Records that an erasure was asked for: anywhere, offline too. The clock of 72 hours starts.
    @discardableResult
    public func requestErasure(of person: String, channel: String, actor: String, role: String) throws -> AppendedLine {
        let village = try village(of: person)
        guard own.role == .village || village != nil else {
            throw NodeError(
                .badInput, "no village of \(own.region) has a record of the person \(person)",
                advice: "`simpul keys list` shows the persons known here")
        }
        return try recorder.record(
            Draft(
                type: "privacy.request_received", subject: person,
                data: [
                    "person_id": .string(person), "kind": "erase", "received_at": .string(moment.description),
                    "channel": .string(channel),
                ], actor: actor, role: role, audience: village))
    }

    /// Refuses an erasure that was asked for, with its ground, which stays readable: it says no name.
    @discardableResult
    public func refuseErasure(of person: String, ground: String, actor: String, role: String) throws -> AppendedLine {
        guard own.role != .village else {
            throw NodeError(
                .badInput, "a request is answered by the hub",
                advice: "record it with `simpul erase \(person) --request`")
        }
        let request =
            try openRequest(store.privacyLines(about: person))
            ?? requestErasure(of: person, channel: "letter", actor: actor, role: role).reference
        return try recorder.record(
            Draft(
                type: "privacy.request_fulfilled", subject: person,
                data: [
                    "request_ref": .string(request.description), "outcome": "refused",
                    "refusal_ground": .string(ground), "key_destroyed": false,
                    "fulfilled_at": .string(moment.description),
                ], actor: actor, role: role, audience: try village(of: person)))
    }

    func village(of person: String) throws -> RegionCode? {
        try store.privacyLines(about: person).compactMap(\.log.audience.region)
            .filter { $0.level == .village && $0.isAtOrBelow(own.region) }.min { $0.description < $1.description }
    }

    private func openRequest(_ lines: [(log: LogName, sequence: Int64, bytes: [UInt8])]) throws -> LineReference? {
        let read = lines.compactMap { line in (try? EventLine(parsing: line.bytes)).map { (place: line, event: $0) } }
        let answered = Set(
            read.filter { ["privacy.request_fulfilled", "privacy.erasure_ordered"].contains($0.event.type) }
                .compactMap { $0.event.data["request_ref"]?.stringValue })
        let requests = read.filter {
            $0.event.type == "privacy.request_received" && $0.event.data["kind"]?.stringValue == "erase"
        }
        return try requests.sorted { $0.event.hybridTime < $1.event.hybridTime }.lazy.map {
            try LineReference(
                log: $0.place.log, sequence: $0.place.sequence, leafHash: LogStore.leafHash(of: $0.place.bytes))
        }.first { !answered.contains($0.description) }
    }

    /// Her name may stand in notes about the household she lives in and the cases about her: under their keys.
    private func namedElsewhere(_ person: String, _ villages: [RegionCode], keep: Set<String>) throws -> [KeyName] {
        var entities: Set<String> = []
        for village in villages {
            try store.forEachLine(inScopeOf: village, containing: Array(person.utf8)) { bytes in
                guard let line = try? EventLine(parsing: bytes), let type = catalogue.types[line.type] else { return }
                if ["household", "case"].contains(type.subject.kind) { entities.insert(line.subject) }
                for field in type.fields {
                    guard field.kind == .identifier(entity: "household"),
                        let id = line.data[field.name]?.stringValue
                    else { continue }
                    entities.insert(id)
                }
            }
        }
        return try entities.subtracting(keep).subtracting([person]).sorted().compactMap(everyKey)
    }

    /// The name up to which all keys of a holder go, those that others may make meanwhile too; nil where none is known.
    private func everyKey(of holder: String) throws -> KeyName? {
        guard let newest = try keyring.inventory(of: holder).last else { return nil }
        let generation = newest.name.number / PersonKeyring.generation + 1
        return KeyName(holder: holder, number: generation * PersonKeyring.generation - 1)
    }

    /// Under which other registrations a person stands, by the merges that were not taken back.
    private func mergedWith(_ person: String) throws -> [String] {
        try projectWhole()
        let today = LocalDay(milliseconds: moment.milliseconds, offsetMinutes: moment.offsetMinutes)
        var found = [person]
        var next = 0
        while next < found.count {
            for (column, other) in [("person", "merged_into"), ("merged_into", "person")] {
                let answer = try modelReader.query(
                    ModelQuery(
                        "person_state", filters: [Filter(column, .equal, .text(found[next]))], scope: own.region,
                        reader: .holder, today: today))
                let others = answer.rows.indices.compactMap { answer[$0, other]?.text }
                found += others.filter { !$0.isEmpty && !found.contains($0) }
            }
            next += 1
        }
        return Array(found.dropFirst())
    }

    func openCases(of person: String) throws -> [String] {
        // A case that came a moment ago counts too, also where another process keeps the models.
        try projectWhole()
        let today = LocalDay(milliseconds: moment.milliseconds, offsetMinutes: moment.offsetMinutes)
        let answer = try modelReader.query(
            ModelQuery(
                "case_board", filters: [Filter("person", .equal, .text(person)), Filter("is_open", .equal, 1)],
                limit: 50, scope: own.region, reader: .holder, today: today))
        return answer.rows.indices.compactMap { answer[$0, "case_id"]?.text }
    }
}
