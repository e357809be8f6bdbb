import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// When the laptop of the village that a person left gives her keys up, and when it must not.
@Suite struct GivingUpTests {
    private let scene: HandoverScene

    init() throws {
        scene = try HandoverScene()
        try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.register(scene.other, "Siti Maryam", at: scene.lontar)
        try scene.sync()
        try scene.move()
    }

    private var keys: Int {
        get throws { try scene.lontar.node.keyring.inventory(of: scene.person).count(where: \.isHeld) }
    }

    @Test func `keys stay while a line about the person has no receipt, and go once it has`() throws {
        try scene.lontar.carry(to: scene.hub)
        try scene.hub.node.handOver()
        let unsent = try scene.visit("sudah pamit", at: scene.lontar)
        try scene.hub.carry(to: scene.lontar)
        try scene.lontar.node.handOver()
        #expect(try HandoverScene.rows("moved_away", at: scene.lontar)[0, "handed_over_on"]?.text != nil)
        #expect(try keys == 1)
        #expect(try scene.name(at: scene.lontar) == "Rohmah Kanari")

        try scene.sync()
        #expect(try keys == 0)
        #expect(
            try scene.lontar.node.store.keyShares(
                recipient: scene.lontar.node.own.node, epoch: scene.lontar.node.own.epoch
            ).allSatisfy { !$0.key.hasPrefix(scene.person) })
        // The lines stay, unreadable; others are readable as before.
        #expect(try scene.lontar.node.store.line(unsent.reference) == unsent.bytes)
        let desk = Desk(node: scene.lontar.node)
        try desk.refresh()
        #expect(desk.people.card(scene.person)?.unreadable == .noKey)
        #expect(desk.people.card(scene.other)?.name == "Siti Maryam")
        // And nothing is lost where she is now.
        #expect(try scene.name(at: scene.kramat) == "Rohmah Kanari")
        let there = Desk(node: scene.kramat.node)
        try there.refresh()
        #expect(try there.reader.record(RecordKey(unsent.reference))?.data["note"]?.stringValue == "sudah pamit")
        #expect(try HandoverScene.rows("moved_away", at: scene.lontar)[0, "given_up"]?.integer == 1)
    }

    @Test func `keys stay for a case that was opened after the move, until it is closed`() throws {
        let opened = try scene.lontar.record(
            "case.opened",
            [
                "person_id": .string(scene.person), "opened_on": "2026-08-14", "reporter_kind": "organizer",
                "kind": "illegal_recruitment", "stage": "before", "country": "SA", "summary": "Masih di sini",
                "immediate_danger": false, "safe_channel": "phone",
            ], role: "community_organizer")
        // Moved the day before it was opened.
        try scene.lontar.record(
            "person.moved", subject: scene.person,
            [
                "person_id": .string(scene.person), "to_village": .string(HandoverScene.kramatCode),
                "moved_on": "2026-08-13",
            ], role: "community_organizer")
        _ = opened
        try retractFirstMove()
        try scene.sync()
        #expect(try keys >= 1)
    }

    /// Of the two moves only the earlier-dated one is to count.
    private func retractFirstMove() throws {
        let line = try #require(
            try scene.lontar.node.store.privacyLines(about: scene.person).first {
                (try? EventLine(parsing: $0.bytes))?.data["moved_on"]?.stringValue == "2026-08-14"
            })
        let reference = try LineReference(
            log: line.log, sequence: line.sequence, leafHash: LogStore.leafHash(of: line.bytes))
        try scene.lontar.record(
            "record.retracted", ["target": .string(reference.description), "reason": "wrong_date"],
            role: "community_organizer")
    }

    @Test func `a hub that sends the keys again is refused`() throws {
        try scene.sync()
        #expect(try keys == 0)
        try scene.hub.node.keyring.settle()
        try scene.sync()
        #expect(try keys == 0)
        let held = try scene.hub.node.store.keyShares(holder: scene.person).map(\.recipient.description)
        #expect(!held.contains("lontar-a"))
    }

    @Test func `who comes back is readable again`() throws {
        try scene.sync()
        #expect(try scene.name(at: scene.lontar) == nil)
        try scene.kramat.node.recordMove(
            of: scene.person, to: RegionCode("36.04.13.2007"), actor: "co-3", role: "community_organizer")
        try scene.sync()
        #expect(try scene.name(at: scene.lontar) == "Rohmah Kanari")
        #expect(try HandoverScene.counted(at: scene.centre) == ["36.04.13.2007": 2])
        #expect(try scene.name(at: scene.kramat) == nil)
    }

    @Test func `an earlier copy of the keys that is put back gives them up again on opening`() throws {
        let copy = try Data(contentsOf: URL(filePath: scene.lontar.node.folder.personKeys))
        try scene.sync()
        #expect(try keys == 0)
        try scene.lontar.node.close()
        try copy.write(to: URL(filePath: scene.lontar.node.folder.personKeys))
        let again = try Node(folder: scene.lontar.node.folder)
        #expect(try again.keyring.inventory(of: scene.person).count(where: \.isHeld) == 0)
        #expect(try again.keyring.inventory(of: scene.other).count(where: \.isHeld) == 1)
    }
}
