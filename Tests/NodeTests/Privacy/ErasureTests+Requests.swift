import Catalogue
import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// What was asked for, what became of it, and who is told.
extension ErasureTests {
    @Test func `a request from a village starts the clock and is named by the order`() throws {
        let request = try village.node.requestErasure(
            of: person, channel: "home", actor: "co-1", role: "community_organizer")
        try sync()
        let plan = try hub.node.planErasure(of: person)
        #expect(plan.request == request.reference)
        #expect(plan.also.map(\.holder) == [household])
        try hub.node.order(plan, reason: "request", actor: "dpo-1", role: "dpo")
        #expect(try hub.node.planErasure(of: person).request == nil)
    }

    func answers() throws -> [EventLine] {
        try hub.node.store.privacyLines(about: person).compactMap { try? EventLine(parsing: $0.bytes) }
            .filter { $0.type == "privacy.request_fulfilled" }
    }

    @Test func `who asked is answered once every node has carried it out, once, and not before`() throws {
        let request = try village.node.requestErasure(
            of: person, channel: "home", actor: "co-1", role: "community_organizer")
        try sync()
        try erase()
        try hub.node.project()
        try hub.node.completeErasures()
        #expect(try answers().isEmpty)
        try sync()
        for _ in 0..<2 {
            try hub.node.project()
            try hub.node.completeErasures()
        }
        let answer = try #require(try answers().first)
        #expect(try answers().count == 1)
        #expect(answer.data["outcome"] == "fulfilled")
        #expect(answer.data["request_ref"]?.stringValue == request.reference.description)
        #expect(try hub.node.planErasure(of: person).request == nil)
    }

    @Test func `a laptop that was revoked before leaves the answer at partly, and is named`() throws {
        try village.node.requestErasure(of: person, channel: "home", actor: "co-1", role: "community_organizer")
        try sync()
        try hub.node.revoke(node: village.node.own.node, epoch: village.node.own.epoch, reason: "lost")
        try erase()
        for _ in 0..<2 {
            try hub.carry(to: centre)
            try centre.carry(to: hub)
        }
        try hub.node.project()
        try hub.node.completeErasures()
        let answer = try #require(try answers().first)
        #expect(answer.data["outcome"] == "partly")
        #expect(answer.data["refusal_ground"]?.stringValue?.contains("lontar-a") == true)
        #expect(try hub.node.erasureProgress(of: person, reader: .holder).allSatisfy(\.isDone))
    }

    @Test func `a household's key is kept when asked`() throws {
        let plan = try hub.node.planErasure(of: person, keep: [household])
        #expect(plan.also.isEmpty)
    }
}
