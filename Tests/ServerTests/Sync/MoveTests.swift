import Event
import Foundation
import Node
import ReadModels
import Store
import Sync
import TestKit
import Testing

/// A village that goes over to another hub (`protocol/04-session.md`, "Changing hands"), over real sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `A village that changes hubs` {
    /// Two hubs under one centre: the regency's, and the province's.
    private struct Scene {
        let world: LiveWorld
        let hub: Node
        let server: LiveServer

        init() async throws {
            let world = try await LiveWorld()
            let invitation = try world.centre.invite(
                node: NodeName("hub-banten"), region: RegionCode("36"), role: .hub, url: world.centreServer.url,
                pin: nil)
            let place = world.path("hub-banten")
            hub = try await offPool {
                try NodeSetup.join(folder: place, invitation: invitation, timeZone: "Asia/Jakarta")
                return try Node(folder: place, logger: .quiet)
            }
            server = try await LiveServer(hub)
            self.world = world
        }

        func invite(_ name: String, region: String = "36.04.13.2007") throws -> InvitationCode {
            try hub.invite(
                node: NodeName(name), region: RegionCode(region), role: .village, url: server.url, pin: nil)
        }

        /// Closes the node, moves its folder's parent, opens it again.
        func move(_ village: Node, _ invitation: InvitationCode) async throws -> Node {
            try await offPool {
                try village.close()
                try NodeSetup.move(folder: village.folder, invitation: invitation)
                return try Node(folder: village.folder, logger: .quiet)
            }
        }
    }

    private static func holds(_ node: Node, _ lines: [AppendedLine]) throws -> Bool {
        try lines.allSatisfy { line in
            try node.store.logs().contains { $0.log == line.reference.log && $0.size > line.reference.sequence }
        }
    }

    private static func register(at village: Node) throws -> AppendedLine {
        let person = UUID().uuidString.lowercased()
        return try #require(
            try village.recorder.record([
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
            ]).last)
    }

    private static func lines(of type: String, at node: Node) throws -> [EventLine] {
        var found: [EventLine] = []
        try node.store.forEachLine(inScopeOf: node.own.region, containing: Array("\"\(type)\"".utf8)) { bytes in
            found.append(try EventLine(parsing: bytes))
        }
        return found.filter { $0.type == type }
    }

    @Test func `loses nothing, though neither side knew while it was offline`() async throws {
        let scene = try await Scene()
        var village = try await scene.world.village("lontar-a")
        let sent = try village.recordExamples(3)
        try await LiveWorld.sync(village)
        let unsent = try village.recordExamples(4)
        village = try await scene.move(village, try scene.invite("lontar-a"))
        let after = try village.recordExamples(2)

        try await LiveWorld.sync(village)
        #expect(try Self.holds(scene.hub, sent + unsent + after))
        #expect(try !Self.holds(scene.world.hub, unsent))
        try await LiveWorld.sync(scene.world.hub)
        try await LiveWorld.sync(scene.hub)
        #expect(try Self.holds(scene.world.centre, sent + unsent + after))
        // The new hub first met lines of the former one, whom it did not know yet; now it does.
        #expect(try await LiveWorld.sync(village).agreed)
        // One history, whichever hub brought a line first.
        let heads = try scene.world.centre.store.logs().filter { $0.log.node.description == "lontar-a" }
        #expect(Set(heads.map(\.log)).count == heads.count)
        #expect(try scene.world.centre.store.alarms().isEmpty)
    }

    @Test func `is known as moved to both hubs and the centre, under one enrolment`() async throws {
        let scene = try await Scene()
        var village = try await scene.world.village("lontar-a")
        try await LiveWorld.sync(village)
        village = try await scene.move(village, try scene.invite("lontar-a"))
        for node in [village, scene.hub, scene.world.hub] { try await LiveWorld.sync(node) }

        for node in [scene.hub, scene.world.hub, scene.world.centre] {
            try node.project()
            let answer = try node.modelReader.query(
                ModelQuery("sync_health", scope: .nation, reader: .holder, today: #require(LocalDay("2026-10-03"))))
            let row = try #require(answer.rows.indices.first { answer[$0, "node"]?.text == "lontar-a" })
            #expect(answer[row, "moved_to"]?.text == "hub-banten")
            #expect(try node.store.enrolments().filter { $0.enrolment.node == village.own.node }.count == 1)
        }
    }

    @Test func `hands its persons' keys to the new hub`() async throws {
        let scene = try await Scene()
        var village = try await scene.world.village("lontar-a")
        let person = try Self.register(at: village)
        try await LiveWorld.sync(village)
        village = try await scene.move(village, try scene.invite("lontar-a"))
        try await LiveWorld.sync(village)
        try scene.hub.keyring.settle()
        let told = try Self.lines(of: "person.registered", at: scene.hub)
        let key = try #require(
            told.first { $0.source == person.reference.log && $0.sequence == person.reference.sequence }?.data[
                "personal"]?["key"]?.stringValue)
        #expect(try scene.hub.keyring.key(named: key) != nil)
    }

    @Test func `says that it moved at its next sync, when it died before it could`() async throws {
        let scene = try await Scene()
        var village = try await scene.world.village("lontar-a")
        village = try await scene.move(village, try scene.invite("lontar-a"))
        var configuration = village.configuration
        configuration.movedFrom = "hub-serang"
        try configuration.save(village.folder)
        try await LiveWorld.sync(village)
        #expect(try NodeConfiguration.load(village.folder).movedFrom == nil)
        let told = try Self.lines(of: "node.moved", at: scene.hub)
        #expect(told.count == 2)
        #expect(Set(told.map { $0.data["to"]?.stringValue }) == ["hub-banten"])
    }

    enum Fault: String, CaseIterable { case anotherName, anotherRegion, anotherNetwork, spent }

    @Test(arguments: Fault.allCases)
    func `keeps its hub when the invitation is not for it`(_ fault: Fault) async throws {
        let scene = try await Scene()
        let village = try await scene.world.village("lontar-a")
        let invitation: InvitationCode
        switch fault {
        case .anotherName: invitation = try scene.invite("lontar-b")
        case .anotherRegion: invitation = try scene.invite("lontar-a", region: "36.04.13.2008")
        case .anotherNetwork:
            let other = try await Scene()
            invitation = try other.invite("lontar-a")
        case .spent:
            invitation = try scene.invite("lontar-a")
            let place = scene.world.path("elsewhere")
            try await offPool {
                try NodeSetup.join(folder: place, invitation: invitation, timeZone: "Asia/Jakarta")
            }
        }
        try village.close()
        await #expect(throws: NodeError.self) {
            try await offPool { try NodeSetup.move(folder: village.folder, invitation: invitation) }
        }
        #expect(try NodeConfiguration.load(village.folder).parent?.key.node == "hub-serang")
        #expect(try NodeConfiguration.load(village.folder).movedFrom == nil)
    }
}
