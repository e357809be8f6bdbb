import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// Person keys in whole worlds: enrolled again, replaced, handed over.
@Suite struct KeyTests {
    @Test func `a laptop enrolled again under its name gets all keys wrapped for its new key`() throws {
        let world = try World()
        try world.villages[0].register("Sutini")
        _ = try #require(try world.settle())
        let again = try world.hub.child("lontar-b", region: "36.04.13.2007", role: .village, root: world.centre)
        let link = Link(again, world.hub)
        for _ in 0..<3 {
            for other in world.links { try other.sync() }
            try link.sync()
        }
        #expect(try again.readableNames() == ["Sutini"])
        let shares = try world.hub.store.keyShares().filter { $0.recipient == again.own.node }
        #expect(Set(shares.map(\.epoch)) == [again.own.epoch, world.villages[1].own.epoch])
    }

    @Test func `after a rotation new lines are under the new key and old ones stay readable, everywhere`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        _ = try #require(try world.settle())
        let before = try #require(try world.villages[0].keyring.inventory(of: person).first)
        let new = try world.hub.keyring.rotate(person)
        #expect(new.number > before.name.number)
        _ = try #require(try world.settle())
        try world.villages[1].register("Sutini binti Rahmat", person: person)
        _ = try #require(try world.settle())
        for party in [world.hub, world.villages[0], world.villages[1]] {
            #expect(try party.readableNames() == ["Sutini", "Sutini binti Rahmat"], "\(party.own.node)")
        }
        #expect(
            try world.villages[1].keyring.keyForWriting(of: person, region: try before.village).name == new.description)
        #expect(try world.villages[2].readableNames().isEmpty)
        try WorldLaws(world).checkAll()
    }

    @Test func `what a lost laptop may read ends with revocation and rotation`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        _ = try #require(try world.settle())
        try world.hub.revoke(world.villages[1].own)
        let new = try world.hub.keyring.rotate(person)
        for link in world.links { try link.sync() }
        #expect(
            try world.hub.store.keyShares(holder: person).allSatisfy {
                $0.key != new.description || $0.recipient != world.villages[1].own.node
            })
    }

    @Test func `a person handed over takes her keys along, and the former village gets no new one`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        let kramat = try RegionCode("36.04.13.2008")
        try world.villages[0].register("Sutini", person: person)
        _ = try #require(try world.settle())
        let new = try world.hub.keyring.move(person, to: kramat)
        _ = try #require(try world.settle())
        #expect(try world.villages[2].keyring.inventory(of: person).filter(\.isHeld).count == 2)
        #expect(try world.villages[2].keyring.keyForWriting(of: person, region: kramat).name == new.description)
        #expect(try world.villages[0].keyring.key(named: new.description) == nil)
        try world.villages[2].register("Sutini di Kramat", person: person)
        _ = try #require(try world.settle())
        #expect(try world.hub.readableNames() == ["Sutini", "Sutini di Kramat"])
        #expect(try world.villages[0].readableNames() == ["Sutini"])
    }

    @Test func `a village cannot hand over, and nobody between hubs`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        _ = try #require(try world.settle())
        #expect(throws: NodeError.self) {
            try world.villages[0].keyring.move(person, to: try RegionCode("36.04.13.2008"))
        }
        #expect(throws: NodeError.self) { try world.hub.keyring.move(person, to: try RegionCode("32.01.01.2001")) }
        #expect(throws: NodeError.self) { try world.hub.keyring.rotate(UUID().uuidString.lowercased()) }
    }

    @Test func `an erasure ordered at the hub travels, and keys and digests agree again everywhere`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        try world.villages[0].register("Ratna")
        _ = try #require(try world.settle())
        try world.hub.append(
            "privacy.erasure_ordered", subject: person,
            data: ["person_id": .string(person), "reason": "request", "ordered_at": "2026-08-14T10:00:00+07:00"],
            audience: try RegionCode("36.04.13.2007"), lane: "urgent")
        try world.hub.keyring.settle()
        _ = try #require(try world.settle())
        for party in [world.hub, world.villages[0], world.villages[1]] {
            #expect(try party.readableNames() == ["Ratna"], "\(party.own.node)")
            #expect(try party.store.keyShares(holder: person).isEmpty)
        }
        for link in world.allLinks { #expect(try link.sync().tally.requests == 1) }
        try WorldLaws(world).checkAll()
    }

    @Test func `a laptop that did not hear of the erasure cannot bring the keys back`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        _ = try #require(try world.settle())
        try world.hub.append(
            "privacy.erasure_ordered", subject: person,
            data: ["person_id": .string(person), "reason": "request", "ordered_at": "2026-08-14T10:00:00+07:00"],
            audience: try RegionCode("36.04.13.2007"), lane: "urgent")
        try world.hub.keyring.settle()
        // Meanwhile it rotates, and wraps for the hub: what it sends first, before it hears.
        _ = try world.villages[1].keyring.rotate(person)
        try world.villages[1].register("Sutini", person: person)
        _ = try #require(try world.settle())
        for party in world.parties { #expect(try party.readableNames().isEmpty, "\(party.own.node)") }
        #expect(try world.hub.store.keyShares(holder: person).isEmpty)
        try WorldLaws(world).checkAll()
    }

    @Test func `a key is listed with its village, its readers and its date, and never with its secret`() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        _ = try #require(try world.settle())
        let entries = try world.hub.keyring.inventory(of: person)
        #expect(entries.count == 1)
        #expect(entries[0].isHeld && entries[0].isNewest && entries[0].region == "36.04.13.2007")
        #expect(Set(entries[0].readers.map(\.node.description)) == ["hub-serang", "lontar-a", "lontar-b"])
        #expect(try world.villages[2].keyring.inventory().isEmpty)
    }
}

extension KeyEntry {
    /// The village as a code.
    fileprivate var village: RegionCode { get throws { try RegionCode(region) } }
}
