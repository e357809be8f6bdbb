import Event
import Foundation
import Node
import ReadModels
import Store
import Sync
import TestKit
import Testing

/// A person moves to a village of another hub, over real sockets (`protocol/12-changing-hands.md`).
@Suite(.serialized, .timeLimit(.minutes(5))) struct `A person who moves to a village of another hub` {
    private struct Scene {
        let world: LiveWorld
        let hub: Node
        let server: LiveServer
        let former: Node
        let new: Node
        let person = UUID().uuidString.lowercased()
        static let newVillage = "36.03.01.2001"

        init() async throws {
            world = try await LiveWorld()
            hub = try await Self.join("hub-tangerang", "36.03", .hub, under: world.centre, world.centreServer, world)
            server = try await LiveServer(hub)
            former = try await world.village("lontar-a")
            new = try await Self.join("cikupa-a", Self.newVillage, .village, under: hub, server, world)
        }

        static func join(
            _ name: String, _ region: String, _ role: Enrolment.Role, under parent: Node, _ server: LiveServer,
            _ world: LiveWorld
        ) async throws -> Node {
            let invitation = try parent.invite(
                node: NodeName(name), region: RegionCode(region), role: role, url: server.url, pin: nil)
            let place = world.path(name)
            return try await offPool {
                try NodeSetup.join(folder: place, invitation: invitation, timeZone: "Asia/Jakarta")
                return try Node(folder: place, logger: .quiet)
            }
        }

        /// Villages, hubs, centre and back, until everybody has what is for them.
        func sync() async throws {
            for _ in 0..<3 {
                for node in [former, new, world.hub, hub] {
                    try await LiveWorld.sync(node)
                    for server in [world.hub, hub, world.centre] { _ = try await offPool { try server.handOver() } }
                }
            }
        }

        func register() throws -> AppendedLine {
            try former.recorder.record([
                Draft(
                    type: "privacy.consent_granted", subject: person,
                    data: [
                        "person_id": .string(person), "purposes": ["protection"], "form": "written", "language": "id",
                        "text_version": "1.2.0", "given_by": "self",
                    ], actor: "co-1", role: "community_organizer"),
                Draft(
                    type: "person.registered", subject: person,
                    data: [
                        "full_name": "Rohmah Kanari", "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                        "domicile_code": "36.04.13.2007", "lawful_basis": "consent", "source": "home",
                    ], actor: "co-1", role: "community_organizer"),
            ])[1]
        }

        func name(at node: Node) throws -> String? {
            let desk = Desk(node: node)
            try desk.refresh()
            return desk.people.card(person)?.name
        }
    }

    private static func counted(_ node: Node) throws -> [String: Int64] {
        try node.project()
        let answer = try node.modelReader.query(
            ModelQuery(
                "people_by_stage", scope: node.own.region, reader: .holder,
                today: LocalDay(milliseconds: 0, offsetMinutes: 0)))
        return answer.rows.indices.reduce(into: [:]) { counts, row in
            counts[answer[row, "village"]?.text ?? "", default: 0] += answer[row, "n"]?.integer ?? 0
        }
    }

    @Test func `is read there, counted once, and no key can be opened at the centre`() async throws {
        let scene = try await Scene()
        let registered = try scene.register()
        try await scene.sync()
        try scene.former.recordMove(
            of: scene.person, to: RegionCode(Scene.newVillage), actor: "co-1", role: "community_organizer")
        try await scene.sync()

        #expect(try scene.name(at: scene.new) == "Rohmah Kanari")
        #expect(try scene.name(at: scene.hub) == "Rohmah Kanari")
        #expect(try scene.new.store.line(registered.reference) == registered.bytes)
        for node in [scene.hub, scene.new, scene.world.centre] {
            #expect(try Self.counted(node) == [Scene.newVillage: 1], "\(node.own.node)")
        }
        for node in [scene.former, scene.world.hub] { #expect(try Self.counted(node).isEmpty, "\(node.own.node)") }
        // What it relays it cannot open.
        let relayed = try scene.world.centre.store.keyShares(holder: scene.person)
        #expect(Set(relayed.map(\.recipient.description)) == ["hub-tangerang"])
        #expect(try scene.world.centre.keyring.inventory(of: scene.person).allSatisfy { !$0.isHeld })
        // The former village has given its keys up; the new one writes under a key that the former hub does not have.
        #expect(try scene.former.keyring.inventory(of: scene.person).allSatisfy { !$0.isHeld })
        let newest = try scene.new.keyring.keyForWriting(of: scene.person, region: RegionCode(Scene.newVillage)).name
        #expect(try scene.world.hub.keyring.key(named: newest) == nil)
        #expect(try scene.hub.keyring.key(named: newest) != nil)
        for node in [scene.former, scene.new, scene.hub, scene.world.hub, scene.world.centre] {
            #expect(try node.store.audit().findings.map { "\($0)" } == [], "\(node.own.node)")
            #expect(try node.store.alarms().map(\.kind).filter { $0 != "clock-ahead" } == [], "\(node.own.node)")
        }
        // Nothing goes round and round.
        for node in [scene.former, scene.new, scene.world.hub, scene.hub] {
            #expect(try await LiveWorld.sync(node).agreed)
        }
        #expect(try scene.world.centre.handOver() == 0)
        #expect(try scene.world.hub.handOver() == 0)
    }
}
