import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// A person moves to another village of the same hub (`protocol/12-changing-hands.md`).
@Suite struct HandoverTests {
    private let scene: HandoverScene

    init() throws { scene = try HandoverScene() }

    @Test func `the new village reads the dossier and the case, and each is counted once everywhere`() throws {
        let registered = try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.register(scene.other, "Siti Maryam", at: scene.lontar)
        let opened = try scene.openCase(at: scene.lontar)
        try scene.sync()
        // Both sides offline: the one records the move, the other something of its own.
        try scene.move()
        try scene.register("7c1f7d6e-8a51-4c39-9f0e-2c1d3a4b5c62", "Ratna Dewi", at: scene.kramat)
        try scene.sync()

        #expect(try scene.name(at: scene.kramat) == "Rohmah Kanari")
        for line in [registered, opened] {
            #expect(try scene.kramat.node.store.line(line.reference) == line.bytes)
        }
        for node in [scene.hub, scene.centre] {
            #expect(
                try HandoverScene.counted(at: node) == ["36.04.13.2007": 1, HandoverScene.kramatCode: 2],
                "\(node.node.own.node)")
            #expect(try HandoverScene.rows("case_board", at: node).rows.count == 1)
        }
        #expect(try HandoverScene.counted(at: scene.kramat) == [HandoverScene.kramatCode: 2])
        #expect(try HandoverScene.counted(at: scene.lontar) == ["36.04.13.2007": 1])
        let cases = try HandoverScene.rows("case_board", [Filter("is_open", .equal, 1)], at: scene.kramat)
        #expect(cases[0, "case_id"]?.text == (try EventLine(parsing: opened.bytes)).subject)
        #expect(cases[0, "village"]?.text == HandoverScene.kramatCode)
        #expect(try HandoverScene.rows("case_board", at: scene.lontar).rows.isEmpty)
        let desk = Desk(node: scene.kramat.node)
        try desk.refresh()
        let record = try #require(try desk.reader.record(RecordKey(opened.reference)))
        #expect(record.data["summary"]?.stringValue == "Rohmah Kanari takut")
        for node in [scene.hub, scene.centre, scene.lontar, scene.kramat] {
            #expect(try node.node.store.audit().findings.map { "\($0)" } == [], "\(node.node.own.node)")
            #expect(try node.node.store.alarms().map(\.kind).filter { $0 != "clock-ahead" } == [])
        }
    }

    @Test func `both villages are told`() throws {
        try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.sync()
        try scene.move()
        try scene.sync()
        let away = try HandoverScene.rows("moved_away", at: scene.lontar)
        #expect(away[0, "to_village"]?.text == HandoverScene.kramatCode)
        #expect(away[0, "handed_over_on"]?.text != nil)
        let here = try HandoverScene.rows("person_moves", at: scene.kramat)
        #expect(here[0, "from_village"]?.text == "36.04.13.2007")
        #expect(try scene.hub.node.personMoves().map(\.now.description) == [HandoverScene.kramatCode])
    }

    @Test func `what the former village wrote and corrects later follows`() throws {
        let sibling = try scene.sibling()
        let registered = try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.sync([scene.lontar, sibling, scene.kramat])
        try scene.move()
        let desk = Desk(node: sibling.node)
        try desk.refresh()
        let record = try #require(try desk.reader.record(RecordKey(registered.reference)))
        let correction = try #require(
            desk.corrections.draft(
                correcting: record, entered: record.data.setting("full_name", to: "Rohmah binti Kanari"),
                reason: "typo", actor: "co-2", role: "community_organizer"))
        // Offline until the dossier has long been handed over.
        try sibling.node.recorder.record(correction)
        try scene.sync()
        #expect(try scene.name(at: scene.kramat) == "Rohmah Kanari")
        try scene.sync([sibling, scene.kramat])
        #expect(try scene.name(at: scene.kramat) == "Rohmah binti Kanari")
        #expect(try scene.centre.node.store.audit().findings.map { "\($0)" } == [])
        #expect(try HandoverScene.counted(at: scene.kramat) == [HandoverScene.kramatCode: 1])
    }

    @Test func `a line handed on with another byte is not used, and an operator is told`() throws {
        let registered = try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.sync()
        let store = scene.hub.node.store
        let proof = try #require(
            try store.inclusionProof(registered.reference.log, registered.reference.sequence, withHolders: true))
        let text = String(decoding: registered.bytes, as: UTF8.self)
        let altered = Array(text.replacingOccurrences(of: "1998", with: "1999").utf8)
        #expect(altered != registered.bytes)
        try scene.hub.node.recorder.record(
            Draft(
                type: "dossier.forwarded", subject: scene.person,
                data: [
                    "person_id": .string(scene.person),
                    "proof": proof.json.setting("line", to: .string(Data(altered).base64EncodedString())),
                ], actor: "hub-serang", role: "system", audience: try RegionCode(HandoverScene.kramatCode)))
        try scene.hub.carry(to: scene.kramat)
        #expect(try scene.kramat.node.store.line(registered.reference.log, registered.reference.sequence) == nil)
        #expect(try scene.kramat.node.store.alarms().map(\.kind).contains("unproved-line"))
        #expect(try HandoverScene.counted(at: scene.kramat).isEmpty)
    }

    @Test func `a village cannot take a person who is not its own`() throws {
        try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.sync()
        try scene.kramat.record(
            "person.moved", subject: scene.person,
            [
                "person_id": .string(scene.person), "to_village": "36.04.12.2003", "moved_on": "2026-08-14",
            ], role: "community_organizer")
        try scene.sync()
        #expect(try HandoverScene.counted(at: scene.hub) == ["36.04.13.2007": 1])
        #expect(try scene.hub.node.personMoves().isEmpty)
        #expect(try scene.name(at: scene.lontar) == "Rohmah Kanari")
    }

    @Test func `the read models of the new village equal their rebuild`() throws {
        try scene.register(scene.person, "Rohmah Kanari", at: scene.lontar)
        try scene.openCase(at: scene.lontar)
        try scene.sync()
        try scene.move()
        try scene.sync()
        let models = ["person_state", "people_by_stage", "case_board", "person_moves"]
        let before = try models.map { try HandoverScene.rows($0, at: scene.kramat).rows }
        _ = try scene.kramat.node.rebuild()
        #expect(try models.map { try HandoverScene.rows($0, at: scene.kramat).rows } == before)
    }
}
