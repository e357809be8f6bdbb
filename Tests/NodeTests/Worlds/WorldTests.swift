import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

/// Whole worlds in one process: real stores, sessions and keys, no sockets.
@Suite struct WorldTests {
    @Test func whatVillagesRecordReachesTheCentreByteForByte() throws {
        let world = try World()
        for village in world.villages { for _ in 0..<5 { try village.append("visit.recorded") } }
        _ = try #require(try world.settle())
        try WorldLaws(world).checkAll()
        for village in world.villages {
            for line in village.confirmed {
                let held = try world.centre.store.line(line.reference.log, line.reference.sequence)
                #expect(held == line.bytes)
            }
        }
    }

    @Test func anAgreedPairNeedsOneRequestAndNoLines() throws {
        let world = try World()
        for village in world.villages { try village.register("Sutini") }
        _ = try #require(try world.settle())
        for link in world.allLinks {
            let session = try link.sync()
            #expect(session.tally.requests == 1)
            #expect(session.tally.linesUp + session.tally.linesDown + session.tally.receipts + session.tally.keys == 0)
            #expect(link.lastUp < 1_024 && link.lastDown < 1_024)
        }
    }

    @Test func aSiblingReadsNamesThatTheOtherLaptopRecordedAndTheCentreNever() throws {
        let world = try World()
        try world.villages[0].register("Sutini binti Rahmat")
        _ = try #require(try world.settle())
        #expect(try world.villages[1].readableNames() == ["Sutini binti Rahmat"])
        #expect(try world.hub.readableNames() == ["Sutini binti Rahmat"])
        #expect(try world.villages[2].readableNames().isEmpty)
        #expect(try world.centre.readableNames().isEmpty)
    }

    @Test func twoLaptopsThatMeetOnePersonBeforeTheySyncBothStayReadable() throws {
        let world = try World()
        let person = UUID().uuidString.lowercased()
        try world.villages[0].register("Sutini", person: person)
        try world.villages[1].register("Ibu Sutini", person: person)
        _ = try #require(try world.settle())
        for party in [world.hub, world.villages[0], world.villages[1]] {
            #expect(try party.readableNames() == ["Sutini", "Ibu Sutini"], "\(party.own.node)")
        }
    }

    @Test func aLaptopEnrolledLaterGetsTheKeysOfThoseRecordedBefore() throws {
        let world = try World()
        try world.villages[0].register("Sutini")
        _ = try #require(try world.settle())
        let third = try world.hub.child("lontar-c", region: "36.04.13.2007", role: .village, root: world.centre)
        let link = Link(third, world.hub)
        for _ in 0..<3 {
            for other in world.links { try other.sync() }
            try link.sync()
        }
        #expect(try third.readableNames() == ["Sutini"])
    }

    @Test func aRevokedLaptopGetsNoKeysAnyMore() throws {
        let world = try World()
        try world.hub.revoke(world.villages[1].own)
        _ = try #require(try world.settle())
        try world.villages[0].register("Sutini")
        _ = try #require(try world.settle())
        #expect(try world.villages[0].store.keyShares().allSatisfy { $0.recipient != world.villages[1].own.node })
        #expect(try world.villages[1].readableNames().isEmpty)
    }

    @Test func aRevocationThatArrivesBeforeTheEnrolmentCounts() throws {
        let world = try World()
        _ = try #require(try world.settle())
        // The centre revokes; its log goes before the hub's in every sync of a newcomer.
        try world.centre.revoke(world.villages[1].own)
        _ = try #require(try world.settle())
        let late = try world.hub.child("lontar-c", region: "36.04.13.2007", role: .village, root: world.centre)
        try Link(late, world.hub).sync()
        let known = try late.store.enrolment(node: world.villages[1].own.node, epoch: world.villages[1].own.epoch)
        #expect(known?.revoked != nil)
    }

    @Test func aRestoredLaptopTakesItsLostLinesBack() throws {
        let world = try World()
        let village = world.villages[0]
        for _ in 0..<4 { try village.append("visit.recorded") }
        _ = try #require(try world.settle())
        let backup = try Backup(of: village)
        for _ in 0..<3 { try village.append("visit.recorded") }
        _ = try #require(try world.settle())
        try backup.restore(village)
        #expect(try village.store.logs().contains { $0.log == village.confirmed[0].reference.log && $0.size == 4 })
        _ = try #require(try world.settle())
        for line in village.confirmed {
            #expect(try village.store.line(line.reference.log, line.reference.sequence) == line.bytes)
        }
        try WorldLaws(world).checkAll()
    }

    @Test func aRestoredLaptopThatWroteAgainLosesNothingAndBlocksNobody() throws {
        let world = try World()
        let village = world.villages[0]
        for _ in 0..<4 { try village.append("visit.recorded") }
        _ = try #require(try world.settle())
        let backup = try Backup(of: village)
        for _ in 0..<3 { try village.append("visit.recorded") }
        _ = try #require(try world.settle())
        let lost = village.confirmed.suffix(3)
        try backup.restore(village)
        let again = try (0..<2).map { _ in try village.append("visit.recorded") }
        let urgent = try village.append("case.opened", lane: "urgent")
        try world.villages[2].append("visit.recorded")
        for _ in 0..<3 { for link in world.links + [world.uplink] { try link.sync() } }

        let log = again[0].reference.log
        for party in [world.hub, world.centre, village, world.villages[1]] {
            for line in lost + again { #expect(try party.store.line(line.reference) == line.bytes) }
            #expect(try party.store.heads(log).count == 2)
            #expect(try party.store.audit().isSound)
        }
        #expect(try world.hub.store.alarms().contains { $0.kind == "fork" && $0.log == log.description })
        #expect(try world.centre.store.line(urgent.reference.log, 0) == urgent.bytes)
        let other = world.villages[2].confirmed[0]
        #expect(try world.centre.store.line(other.reference.log, other.reference.sequence) == other.bytes)
        // Nothing is stuck, and a further sync brings nothing.
        let quiet = try world.links[0].sync()
        #expect(quiet.refusals.isEmpty && quiet.tally.requests == 1)
        _ = try #require(try world.settle())
    }
}

/// A copy of a party's folder and of what it remembers.
struct Backup {
    private let folder: TestFolder
    private let memory: ClientSession.Memory

    init(of party: Party) throws {
        folder = try TestFolder("backup")
        memory = party.memory
        try party.reopen()
        try Self.copy(from: party.folder.path, to: folder.path)
    }

    func restore(_ party: Party) throws {
        try party.store.close()
        try Self.copy(from: folder.path, to: party.folder.path)
        party.memory = memory
        try party.open()
    }

    private static func copy(from: String, to: String) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: to) { try files.removeItem(atPath: to + "/" + name) }
        for name in try files.contentsOfDirectory(atPath: from) {
            try files.copyItem(atPath: from + "/" + name, toPath: to + "/" + name)
        }
    }
}
