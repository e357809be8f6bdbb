import Catalogue
import Event
import Foundation
import Store
import TestKit
import Testing

@testable import Node

/// Consent: asked for where identity is recorded, in one place for all roads; withdrawn, use stops at once.
@Suite struct ConsentTests {
    private let hub: TestNode
    private let village: TestNode
    private let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    private let role = "community_organizer"
    private static let start = Date(timeIntervalSince1970: 1_786_676_400)

    init() throws {
        let now: @Sendable () -> Date = { Self.start }
        hub = try TestNode.centre(now: now).child("hub-serang", region: "36.04", role: .hub, now: now)
        village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: now)
    }

    private func draft(_ type: String, _ data: JSON, subject: String? = nil) -> Draft {
        Draft(type: type, subject: subject ?? person, data: data, actor: "co-1", role: role)
    }

    private func registration(basis: String = "consent") -> Draft {
        draft(
            "person.registered",
            [
                "full_name": "Rohmah Kanari", "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "phone": "0812-0000-0001", "lawful_basis": .string(basis),
                "source": "home",
            ])
    }

    private func consent(_ purposes: [String] = ["protection"], until: String? = nil) -> Draft {
        let data: JSON = [
            "person_id": .string(person), "purposes": .array(purposes.map { .string($0) }), "form": "written",
            "language": "id", "text_version": "1.2.0", "given_by": "self",
        ]
        return draft("privacy.consent_granted", until.map { data.setting("expires_on", to: .string($0)) } ?? data)
    }

    private func withdrawal(_ purposes: [String]) -> Draft {
        draft(
            "privacy.consent_withdrawn",
            [
                "person_id": .string(person), "purposes": .array(purposes.map { .string($0) }),
                "received_at": "2026-08-14T09:00:00+07:00",
            ])
    }

    private func contact(note: String?) -> Draft {
        let data: JSON = [
            "person_id": .string(person), "checked_on": "2026-07-14", "contact": "ok", "last_contact_on": "2026-07-12",
            "wage_ok": "yes", "holds_passport": "agent", "job_as_promised": "yes", "location_known": true,
        ]
        return draft("contact.checked", note.map { data.setting("note", to: .string($0)) } ?? data)
    }

    private func record(_ drafts: Draft...) throws { try village.node.recorder.record(drafts) }

    private func shown() throws -> Record {
        let desk = Desk(node: village.node)
        try desk.refresh()
        let card = try #require(desk.people.card(person))
        return try #require(try desk.reader.record(card.registration))
    }

    @Test func `without consent nothing that identifies is recorded, and both languages say what to do`() throws {
        let refused = #expect(throws: InvalidDraft.self) { try record(registration()) }
        let problem = try #require(refused?.problems.first)
        #expect(problem.path == "/full_name")
        #expect(problem.what.id.contains("Belum ada persetujuan") && problem.what.id.contains("Nama lengkap"))
        #expect(problem.what.en.contains("no consent") && problem.fix.en.contains("privacy.consent_granted"))
        #expect(throws: InvalidDraft.self) { try record(contact(note: "suaminya sakit")) }
        try record(contact(note: nil))
    }

    @Test func `consent in the same batch counts, wherever in it`() throws {
        try record(registration(), consent())
        #expect(try shown().data["full_name"]?.stringValue == "Rohmah Kanari")
    }

    @Test func `consent to something else does not do, another lawful basis does`() throws {
        #expect(throws: InvalidDraft.self) { try record(consent(["statistics"]), registration()) }
        try record(registration(basis: "legal"))
        try record(contact(note: "suaminya sakit"))
    }

    @Test func `a case in immediate danger is recorded whole without consent: life comes first`() throws {
        func opened(danger: Bool) -> Draft {
            draft(
                "case.opened",
                [
                    "person_id": .string(person), "opened_on": "2026-07-14", "reporter_kind": "organizer",
                    "kind": "illegal_recruitment", "stage": "before", "country": "SA",
                    "summary": "dikurung di penampungan",
                    "immediate_danger": .bool(danger), "safe_channel": "phone",
                ], subject: UUID().uuidString.lowercased())
        }
        #expect(throws: InvalidDraft.self) { try record(opened(danger: false)) }
        try record(opened(danger: true))
    }

    @Test func `withdrawal stops recording and showing at once, here and at the hub, and a new consent brings it back`()
        throws
    {
        try record(consent(["protection", "contact"]), registration())
        try village.carry(to: hub)
        try record(withdrawal(["protection"]))
        #expect(try shown().personal == .unreadable(.withheld))
        #expect(try shown().data["full_name"] == nil)
        #expect(try shown().data["birth_year"] != nil)
        let refused = #expect(throws: InvalidDraft.self) { try record(contact(note: "suaminya sakit")) }
        #expect(refused?.problems.first?.what.id.contains("menarik persetujuannya") == true)
        try record(contact(note: nil))
        try village.carry(to: hub)
        let desk = Desk(node: hub.node)
        try desk.refresh()
        #expect(desk.people.card(person)?.unreadable == .withheld)
        try record(consent())
        #expect(try shown().data["full_name"]?.stringValue == "Rohmah Kanari")
    }

    @Test func `a neighbouring village cannot take her withdrawal back`() throws {
        let now: @Sendable () -> Date = { Self.start }
        let neighbour = try hub.child("domas-a", region: "36.04.12.2003", role: .village, now: now)
        try record(consent(["protection"]), registration())
        let withdrawn = try village.node.recorder.record(withdrawal(["protection"]))
        try village.carry(to: hub)
        // Its program would not let it; its key can sign it all the same.
        let (store, own, person) = (neighbour.node.store, neighbour.node.own, person)
        let log = store.signer.log(.region(own.region), lane: .main)
        let wall = Int64(Self.start.timeIntervalSince1970) * 1_000
        let time = DateTime(milliseconds: wall, offsetMinutes: 420)
        let target = withdrawn.reference.description
        let lines = try store.append(
            wall: wall,
            [
                (
                    log: log,
                    make: { place in
                        try EventLine(
                            type: "record.retracted", version: 1, source: log, sequence: place.sequence,
                            subject: person, time: time, hybridTime: place.hybridTime, occurredAt: OccurredAt(time),
                            actor: "co-9", role: "community_organizer", region: own.region, regionEdition: own.edition,
                            data: ["target": .string(target), "reason": "wrong_person"]
                        ).encoded()
                    }
                )
            ])
        try neighbour.carry(to: hub)
        let held = try hub.node.store.privacyLines(about: person).map(\.bytes)
        #expect(held.contains(try #require(lines.first).bytes), "it is at the hub")
        let desk = Desk(node: hub.node)
        try desk.refresh()
        #expect(desk.people.card(person)?.unreadable == .withheld)
        #expect(try !hub.node.consent.state(of: person).allows("protection", on: "2026-08-14"))
    }

    @Test func `who withdraws being contacted keeps her name and loses the number`() throws {
        try record(consent(["protection", "contact"]), registration())
        #expect(try shown().data["phone"] != nil)
        try record(withdrawal(["contact"]))
        #expect(try shown().data["full_name"]?.stringValue == "Rohmah Kanari")
        #expect(try shown().data["phone"] == nil)
    }

    @Test func `a page that stood open shows the withdrawal with its next look`() throws {
        try record(consent(), registration())
        let desk = Desk(node: village.node)
        try desk.refresh()
        #expect(desk.people.find("rohmah").count == 1)
        try record(withdrawal(["protection"]))
        try desk.refresh()
        #expect(desk.people.find("rohmah").isEmpty)
    }

    @Test func `consent that has run out allows nothing any more`() throws {
        try record(consent(until: "2026-08-14"), registration())
        let later: @Sendable () -> Date = { Self.start.addingTimeInterval(2 * 86_400) }
        try village.node.close()
        let node = try Node(folder: village.node.folder, now: later)
        #expect(throws: InvalidDraft.self) { try node.recorder.record(contact(note: "suaminya sakit")) }
        let desk = Desk(node: node)
        try desk.refresh()
        #expect(desk.people.card(person)?.unreadable == .withheld)
        try node.close()
    }

    @Test func `a consent that was a mistake is taken back by a retraction`() throws {
        let granted = try village.node.recorder.record(consent())
        try record(registration())
        try record(
            draft(
                "record.retracted", ["target": .string(granted.reference.description), "reason": "wrong_person"]))
        #expect(throws: InvalidDraft.self) { try record(contact(note: "suaminya sakit")) }
    }

    @Test func `a correction cannot put identity in where consent was withdrawn, and may take it out`() throws {
        try record(consent(), registration())
        let desk = Desk(node: village.node)
        try desk.refresh()
        let registered = try shown()
        try record(withdrawal(["protection"]))
        let patch: (JSON) -> Draft = { patch in
            draft(
                "record.corrected",
                ["target": .string(registered.reference.description), "reason": "typo", "patch": patch])
        }
        #expect(throws: InvalidDraft.self) { try record(patch(["full_name": "Rohmah Kenari"])) }
        try record(patch(["phone": .null]))
    }
}
