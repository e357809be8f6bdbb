import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

/// What is urgent goes before what waits, also when the sending has already begun.
@Suite struct `An urgent line` {
    /// What the hub holds of a log.
    private static func held(_ log: LogName, _ party: Party) throws -> Int64 {
        try party.store.logs().first { $0.log == log }?.size ?? 0
    }

    @Test func `saved while an upload runs goes up with the next frame`() throws {
        let world = try World()
        _ = try #require(try world.settle())
        let (village, link) = (world.villages[0], world.links[0])
        for _ in 0..<60 { try village.append("visit.recorded") }
        let backlog = try #require(village.confirmed.last).reference.log
        link.frameBytes = 4_096
        var (frames, urgent) = (0, LogName?.none)
        var heldWhenItCame: Int64?
        link.onFrame = {
            frames += 1
            // The hello is the first frame, and the upload is now under way.
            if frames == 3 {
                urgent = try village.append("response.requested", lane: "urgent").reference.log
                try village.append("response.requested", lane: "urgent")
            } else if let urgent, heldWhenItCame == nil, try Self.held(urgent, world.hub) > 0 {
                #expect(frames == 4)
                heldWhenItCame = try Self.held(backlog, world.hub)
            }
        }
        let session = try link.sync()
        #expect(try #require(heldWhenItCame) < 30)
        #expect(session.tally.requests == 1, "and both sides agree at its end")
        #expect(try Self.held(try #require(urgent), world.hub) == 2)
        #expect(try Self.held(backlog, world.hub) == 60)
        #expect(session.tally.linesUp == 62)
        _ = try #require(try world.settle())
        try WorldLaws(world).checkAll()
    }

    @Test func `that came to the hub while an answer goes down is in the same answer, before the rest`() throws {
        let world = try World()
        _ = try #require(try world.settle())
        let (village, sibling) = (world.villages[0], world.villages[1])
        // More than one frame of the answer takes.
        let long = JSON.object([JSONMember("note", .string(String(repeating: "x", count: 30_000)))])
        for _ in 0..<60 { try village.append("visit.recorded", data: long) }
        try world.links[0].sync()
        let backlog = try #require(village.confirmed.last).reference.log
        let link = world.links[1]
        var (urgent, heldThen) = (LogName?.none, Int64?.none)
        link.onAnswer = {
            let held = try Self.held(backlog, sibling)
            if held > 0, urgent == nil {
                urgent = try world.hub.append("response.dispatched", audience: village.own.region, lane: "urgent")
                    .reference.log
            } else if let urgent, heldThen == nil, try Self.held(urgent, sibling) > 0 {
                heldThen = held
            }
        }
        try link.sync()
        #expect(try #require(heldThen) < 60)
        #expect(try Self.held(backlog, sibling) == 60)
        _ = try #require(try world.settle())
        try WorldLaws(world).checkAll()
    }

    @Test func `of an author whom the parent does not know yet waits for the line that enrols it`() throws {
        let world = try World()
        _ = try #require(try world.settle())
        // Enrolled by the hub, with much before it that the centre has not got; all of it is on the way at once.
        for _ in 0..<40 { try world.hub.append("warning.published") }
        let late = try world.hub.child("lontar-c", region: "36.04.13.2007", role: .village, root: world.centre)
        let line = Link(late, world.hub)
        try line.sync()
        world.uplink.frameBytes = 4_096
        var frames = 0
        world.uplink.onFrame = {
            frames += 1
            guard frames == 2 else { return }
            try late.append("response.requested", lane: "urgent")
            try line.sync()
        }
        let session = try world.uplink.sync()
        #expect(session.refusals.isEmpty, "\(session.refusals)")
        #expect(try Self.held(try #require(late.confirmed.last).reference.log, world.centre) == 1)
    }
}
