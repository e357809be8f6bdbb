import Catalogue
import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// Erasing a person at real nodes: ordered at the hub, obeyed and confirmed everywhere, and again after every restore.
@Suite struct ErasureTests {
    let centre: TestNode
    let hub: TestNode
    let village: TestNode
    let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    let other = "6c1f7d6e-8a51-4c39-9f0e-2c1d3a4b5c61"
    let household = "11c9df64-db34-4c56-8821-715253ba1111"
    let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_786_676_400) }

    init() throws {
        centre = try TestNode.centre(now: now)
        hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: now)
        village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: now)
        try register(person, "Rohmah Kanari", at: village)
        try register(other, "Siti Maryam", at: village)
        try village.record(
            "visit.recorded", subject: household,
            [
                "household_id": .string(household), "person_ids": [.string(person)], "purpose": "routine",
                "channel": "home", "started_at": "2026-08-14T09:30:00+07:00", "met": "met",
                "note": "Rohmah Kanari takut pada sponsornya",
            ], role: "community_organizer")
        try sync()
    }

    func register(_ id: String, _ name: String, at node: TestNode) throws {
        try node.record(
            "privacy.consent_granted", subject: id,
            [
                "person_id": .string(id), "purposes": ["protection"], "form": "written", "language": "id",
                "text_version": "1.2.0", "given_by": "self",
            ], role: "community_organizer")
        try node.record(
            "person.registered", subject: id,
            [
                "full_name": .string(name), "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "household_id": .string(household), "lawful_basis": "consent",
                "source": "home",
            ], role: "community_organizer")
    }

    /// Up and down again between all three, until confirmations are everywhere.
    func sync(_ village: TestNode? = nil, _ hub: TestNode? = nil, _ centre: TestNode? = nil) throws {
        let (village, hub, centre) = (village ?? self.village, hub ?? self.hub, centre ?? self.centre)
        for _ in 0..<2 {
            try village.carry(to: hub)
            try hub.carry(to: centre)
            try centre.carry(to: hub)
            try hub.carry(to: village)
        }
    }

    func erase(reason: String = "request") throws {
        let plan = try hub.node.planErasure(of: person)
        try hub.node.order(plan, reason: reason, actor: "dpo-1", role: "dpo")
    }

    /// What pages and lists show of a person's name at a node.
    func shown(_ id: String, at node: TestNode) throws -> (name: String?, mark: Unreadable?) {
        let desk = Desk(node: node.node)
        try desk.refresh()
        let card = desk.people.card(id)
        return (card?.name, card?.unreadable)
    }

    func secrets(of holder: String, at node: TestNode) throws -> [Data] {
        try node.node.keyring.keys.keys(of: holder).map(\.secret)
    }

    func boxes(of holder: String, at node: TestNode) throws -> [Data] {
        try node.node.store.keyShares(holder: holder).map { Data($0.box) }
    }

    /// No key of hers, in no form, and no name in any file; the others stay readable.
    func expectErased(at node: TestNode, secrets: [Data], boxes: [Data]) throws {
        #expect(try node.node.keyring.keys.keys(of: person).isEmpty)
        #expect(try node.node.store.keyShares(holder: person).isEmpty)
        let scan = try FolderScan(node.node.folder.path)
        for bytes in secrets + boxes { #expect(try scan.filesHolding(bytes) == [], "\(node.node.own.node)") }
        #expect(try !scan.holds("Rohmah Kanari"))
        let found = try shown(person, at: node)
        #expect(found.name == nil)
        if node.node.own.role != .centre { #expect(found.mark == .erased) }
        let audit = try node.node.store.audit()
        #expect(audit.isSound, "\(audit.findings) \(audit.damage)")
    }

    func rebuiltEqual(_ node: TestNode) throws {
        try node.node.project()
        let kept = try node.node.modelReader.digests()
        _ = try node.node.rebuild()
        #expect(try node.node.modelReader.digests() == kept, "\(node.node.own.node)")
    }

    @Test func `an order destroys keys and shares on every node, leaves the others, and each node confirms`() throws {
        let keys = try secrets(of: person, at: village) + secrets(of: household, at: village)
        let wrapped = try boxes(of: person, at: hub) + boxes(of: household, at: hub)
        #expect(keys.count == 2 && !wrapped.isEmpty)
        #expect(try shown(person, at: hub).name == "Rohmah Kanari")
        #expect(try FolderScan(village.node.folder.path).holds(keys[0]))
        #expect(try FolderScan(hub.node.folder.path).holds(wrapped[0]))
        try erase()
        try sync()
        for node in [village, hub, centre] { try expectErased(at: node, secrets: keys, boxes: wrapped) }
        #expect(try shown(other, at: village).name == "Siti Maryam")
        #expect(try shown(other, at: hub).name == "Siti Maryam")
        for node in [village, hub, centre] {
            try node.node.project()
            let progress = try progress(at: node)
            #expect(progress == ["hub-serang": "confirmed", "lontar-a": "confirmed", "pusat": "confirmed"])
            try rebuiltEqual(node)
        }
    }

    func progress(at node: TestNode, days: Int = 0) throws -> [String: String] {
        let today = LocalDay(milliseconds: 1_786_676_400_000 + Int64(days) * 86_400_000, offsetMinutes: 420)
        let answer = try node.node.modelReader.query(
            ModelQuery("erasure_progress", scope: node.node.own.region, reader: .holder, today: today))
        return Dictionary(
            uniqueKeysWithValues: answer.rows.indices.map {
                (answer[$0, "node"]?.text ?? "", answer[$0, "state"]?.text ?? "")
            })
    }

    @Test func `until a node has confirmed it is waited for, and late after three days`() throws {
        try erase()
        try hub.node.project()
        #expect(try progress(at: hub)["hub-serang"] == "confirmed")
        #expect(try ["waiting", "silent"].contains(#require(try progress(at: hub)["lontar-a"])))
        #expect(try progress(at: hub, days: 4)["lontar-a"] == "late")
    }

    @Test func `a laptop that joins after the order is not waited for: it never had her keys`() throws {
        try erase()
        try sync()
        let later: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_786_676_400 + 11 * 86_400) }
        let joined = NodeKeys().enrolment(
            node: try NodeName("lontar-b"), region: village.node.own.region, edition: "2025-2430", role: .village)
        let day = hub.node.localDay(later())
        try hub.node.recorder.record(
            Draft(
                type: "node.enrolled", subject: "lontar-b", data: joined.json.setting("since", to: .string(day)),
                actor: "hub-serang", role: "system", audience: hub.node.own.region, region: joined.region))
        try hub.node.project()
        let progress = try progress(at: hub, days: 12)
        #expect(progress["lontar-a"] == "confirmed" && progress["lontar-b"] == nil, "\(progress)")
    }

    @Test func `an order is given once: a second one for keys that are gone says so`() throws {
        try erase()
        let lines = try hub.node.store.privacyLines(about: person).count
        #expect(throws: NodeError.self) { try erase() }
        #expect(try hub.node.store.privacyLines(about: person).count == lines)
    }

    @Test func `nothing that identifies can be recorded under an erased person, and the reason is said`() throws {
        try erase()
        try sync()
        #expect(throws: NodeError.self) { try register(person, "Rohmah", at: village) }
        let household = try village.record(
            "visit.recorded", subject: household,
            [
                "household_id": .string(household), "purpose": "routine", "channel": "home",
                "started_at": "2026-08-14T10:30:00+07:00", "met": "met", "note": "kunjungan berikut",
            ], role: "community_organizer")
        try sync()
        let desk = Desk(node: hub.node)
        try desk.refresh()
        let record = try #require(try desk.reader.record(RecordKey(household.reference)))
        #expect(record.data["note"]?.stringValue == "kunjungan berikut")
    }

    @Test(arguments: [Enrolment.Role.village, .hub])
    func `a backup of the keys from before is obeyed on opening`(role: Enrolment.Role) throws {
        let node = role == .village ? village : hub
        let key = try #require(try secrets(of: person, at: node).first)
        try node.node.close()
        let before = try node.copy()
        // The node itself goes on, is erased, and then only its keys come back.
        let running = try node.restored(try node.copy(), now: now)
        try erased(running)
        #expect(try running.node.keyring.keys.keys(of: person).isEmpty)
        try running.node.close()
        try replace("secrets/persons.db", in: running.folder, by: before)
        #expect(try FolderScan(running.folder.path).holds(key))
        let opened = try Node(folder: NodeFolder(path: running.folder.path), now: now)
        #expect(try opened.keyring.keys.keys(of: person).isEmpty)
        #expect(try !FolderScan(running.folder.path).holds(key))
        try opened.close()
    }

    /// Has the order come to a node: given by the hub itself, or with a sync.
    func erased(_ node: TestNode) throws {
        if node.node.own.role == .village { try hubAfterErasure().carry(to: node) } else { try eraseAt(node) }
    }

    func hubAfterErasure() throws -> TestNode {
        try erase()
        return hub
    }

    func eraseAt(_ node: TestNode) throws {
        let plan = try node.node.planErasure(of: person)
        try node.node.order(plan, reason: "request", actor: "dpo-1", role: "dpo")
    }

    func replace(_ name: String, in folder: TestFolder, by copy: TestFolder) throws {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let (to, from) = (folder.file(name + ending), copy.file(name + ending))
            if FileManager.default.fileExists(atPath: to) { try FileManager.default.removeItem(atPath: to) }
            if FileManager.default.fileExists(atPath: from) {
                try FileManager.default.copyItem(atPath: from, toPath: to)
            }
        }
    }

    @Test(arguments: [Enrolment.Role.village, .hub])
    func `a backup of the logs from before does not bring wrapped keys back`(role: Enrolment.Role) throws {
        let node = role == .village ? village : hub
        let wrapped = try boxes(of: person, at: node)
        #expect(!wrapped.isEmpty)
        try node.node.close()
        let before = try node.copy()
        let running = try node.restored(try node.copy(), now: now)
        try erased(running)
        try running.node.close()
        try replace("log.db", in: running.folder, by: before)
        let opened = try Node(folder: NodeFolder(path: running.folder.path), now: now)
        #expect(try opened.store.keyShares(holder: person).isEmpty)
        #expect(try opened.keyring.settle() == 0)
        #expect(try opened.keyring.keys.keys(of: person).isEmpty)
        let scan = try FolderScan(running.folder.path)
        for box in wrapped { #expect(try scan.filesHolding(box) == []) }
        try opened.close()
    }

    @Test func `a whole folder from before is erased by its first sync, before it hands anything on`() throws {
        let keys = try secrets(of: person, at: village)
        let wrapped = try boxes(of: person, at: hub)
        try village.node.close()
        let late = try village.restored(try village.copy(), now: now)
        try erase()
        // A year later the laptop comes back, with keys, shares and a new record of hers.
        try late.record(
            "contact.checked", subject: person,
            [
                "person_id": .string(person), "checked_on": "2026-07-14", "contact": "ok",
                "last_contact_on": "2026-07-12", "wage_ok": "yes", "holds_passport": "agent", "job_as_promised": "yes",
                "location_known": true, "note": "Rohmah Kanari tidak menjawab",
            ], role: "community_organizer")
        try sync(late)
        for node in [late, hub, centre] { try expectErased(at: node, secrets: keys, boxes: wrapped) }
        #expect(try late.node.store.erasureOrders().contains { $0.holder == person })
    }

    @Test func `a hub and a centre restored from before take the order back from the others and obey it`() throws {
        let keys = try secrets(of: person, at: hub)
        let wrapped = try boxes(of: person, at: hub)
        try hub.node.close()
        let oldHub = try hub.copy()
        try centre.node.close()
        let oldCentre = try centre.copy()
        let hub = try hub.restored(try hub.copy(), now: now)
        let centre = try centre.restored(try centre.copy(), now: now)
        let plan = try hub.node.planErasure(of: person)
        try hub.node.order(plan, reason: "request", actor: "dpo-1", role: "dpo")
        try sync(village, hub, centre)
        let restoredHub = try self.hub.restored(oldHub, now: now)
        let restoredCentre = try self.centre.restored(oldCentre, now: now)
        try sync(village, restoredHub, restoredCentre)
        for node in [village, restoredHub, restoredCentre] {
            try expectErased(at: node, secrets: keys, boxes: wrapped)
            #expect(try node.node.store.erasureOrders().contains { $0.holder == person })
        }
    }

    @Test func `read models from before are what they are rebuilt to, and show nobody`() throws {
        try village.node.project()
        try village.node.close()
        let before = try village.copy()
        let running = try village.restored(try village.copy(), now: now)
        try hubAfterErasure().carry(to: running)
        try running.node.close()
        try replace("models.db", in: running.folder, by: before)
        let opened = try running.restored(running.folder, now: now)
        try rebuiltEqual(opened)
        #expect(try shown(person, at: opened).mark == .erased)
    }

    @Test func `a share of an erased person is refused, wrapped by whom it may be`() throws {
        let shares = try hub.node.store.keyShares(holder: person)
        try erase()
        #expect(try hub.node.store.save(shares) == 0)
        #expect(try hub.node.store.keyShares(holder: person).isEmpty)
        let late = shares.map {
            KeyShare(
                key: "\(person)/999999", recipient: $0.recipient, epoch: $0.epoch, region: $0.region, top: $0.top,
                box: $0.box, author: $0.author)
        }
        #expect(try hub.node.store.save(late) == 0)
        #expect(throws: NodeError.self) { try hub.node.keyring.rotate(person) }
    }

    @Test func `an order by a village is not obeyed: who could be bribed there cannot destroy what protects her`()
        throws
    {
        try village.node.recorder.record(
            Draft(
                type: "privacy.erasure_ordered", subject: person,
                data: ["person_id": .string(person), "reason": "request", "ordered_at": "2026-08-14T10:00:00+07:00"],
                actor: "co-1", role: "dpo"))
        try sync()
        #expect(try shown(person, at: village).name == "Rohmah Kanari")
        #expect(try shown(person, at: hub).name == "Rohmah Kanari")
        #expect(throws: NodeError.self) { try village.node.planErasure(of: person) }
    }

    @Test func `while a case of hers runs an erasure is refused, and the refusal is recorded with its ground`() throws {
        try village.record(
            "case.opened",
            [
                "person_id": .string(person), "opened_on": "2026-07-14", "reporter_kind": "organizer",
                "kind": "illegal_recruitment", "stage": "before", "country": "SA", "summary": "Rohmah Kanari dikurung",
                "immediate_danger": true, "safe_channel": "phone",
            ], role: "community_organizer")
        try sync()
        let plan = try hub.node.planErasure(of: person)
        #expect(plan.openCases.count == 1)
        let refusal = #expect(throws: NodeError.self) {
            try hub.node.order(plan, reason: "request", actor: "dpo-1", role: "dpo")
        }
        #expect(refusal?.kind == .refused)
        #expect(try shown(person, at: hub).name == "Rohmah Kanari")
        try hub.node.refuseErasure(of: person, ground: "perkara masih berjalan", actor: "dpo-1", role: "dpo")
        try hub.node.project()
        let answer = try hub.node.modelReader.query(
            ModelQuery(
                "erasures", scope: hub.node.own.region, reader: .holder,
                today: LocalDay(milliseconds: 1_786_676_400_000, offsetMinutes: 420)))
        #expect(answer.rows.indices.map { answer[$0, "status"]?.text } == ["refused"])
    }
}
