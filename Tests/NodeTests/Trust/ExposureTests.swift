import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// What the hub can tell about a laptop that is gone.
@Suite struct `A lost laptop` {
    private let hub: TestNode
    private let first: TestNode
    private let lost: TestNode
    private let role = "community_organizer"

    init() throws {
        hub = try TestNode.centre().child("hub-serang", region: "36.04", role: .hub)
        first = try hub.child("lontar-a", region: "36.04.13.2007", role: .village)
        lost = try hub.child("lontar-b", region: "36.04.13.2007", role: .village)
        try lost.carry(to: hub)
        try hub.carry(to: first)
    }

    private func register(_ name: String, at node: TestNode) throws -> String {
        let person = UUID().uuidString.lowercased()
        try node.node.recorder.record([
            Draft(
                type: "privacy.consent_granted", subject: person,
                data: [
                    "person_id": .string(person), "purposes": ["protection"], "form": "written", "language": "id",
                    "text_version": "1.2.0", "given_by": "self",
                ], actor: "co-1", role: role),
            Draft(
                type: "person.registered", subject: person,
                data: [
                    "full_name": .string(name), "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                    "domicile_code": "36.04.13.2007", "lawful_basis": "consent", "source": "home",
                ], actor: "co-1", role: role),
        ])
        return person
    }

    @Test func `reveals whom it could read, those in danger first, and says what of its work is safe`() throws {
        let calm = try register("Sutini Kanari", at: lost)
        let endangered = try register("Rohmah Kanari", at: first)
        try first.record(
            "case.opened",
            [
                "person_id": .string(endangered), "opened_on": "2026-07-14", "reporter_kind": "organizer",
                "kind": "illegal_recruitment", "stage": "before", "country": "SA", "summary": "Tiket sudah ada",
                "immediate_danger": true, "safe_channel": "phone",
            ], role: role)
        try first.carry(to: hub)
        try lost.carry(to: hub)
        try hub.carry(to: lost)
        let received = try lost.node.store.logs().filter {
            $0.log.node == lost.node.own.node && $0.log.audience != .local
        }
        let unsent = try register("Tidak Terkirim", at: lost)

        let exposure = try #require(try hub.node.exposures(of: lost.node.own.node).first)
        #expect(exposure.persons.map(\.id) == [endangered, calm])
        #expect(exposure.persons.first?.immediateDanger == true)
        #expect(!exposure.persons.map(\.id).contains(unsent))
        #expect(exposure.logs.reduce(0) { $0 + $1.size } == received.reduce(0) { $0 + $1.size })
        #expect(exposure.logs.allSatisfy { $0.last != nil })
        #expect(exposure.revoked == nil)
        #expect(!exposure.hasPassphrase)

        try hub.node.revoke(node: lost.node.own.node, epoch: lost.node.own.epoch, reason: "lost")
        #expect(try hub.node.exposures(of: lost.node.own.node).first?.revoked != nil)
    }

    @Test func `that had a passphrase is told from one that had none`() throws {
        _ = try lost.node.setPassphrase(Passphrase("kuda hitam lari pagi"))
        try lost.carry(to: hub)
        #expect(try hub.node.exposures(of: lost.node.own.node).first?.hasPassphrase == true)
        #expect(try hub.node.exposures(of: first.node.own.node).first?.hasPassphrase == false)
    }

    @Test func `that nobody enrolled is asked back`() throws {
        #expect(throws: NodeError.self) { try hub.node.exposures(of: NodeName("tidak-ada")) }
    }
}
