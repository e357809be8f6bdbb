import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing

/// `Node` has an author of imported rows.
typealias LogAuthor = TestKit.Author

/// A hub on a real socket with two laptops of Lontar and one of Domas, enrolled over it.
struct SyncScene: Sendable {
    let world: LiveWorld
    let village: Node
    let sibling: Node
    let other: Node

    init(_ options: LiveServer.Options = .init(), hubDisk: TestFolder? = nil) async throws {
        world = try await LiveWorld(hub: options, hubDisk: hubDisk)
        village = try await world.village("lontar-a")
        sibling = try await world.village("lontar-b")
        other = try await world.village("domas-a", region: "36.04.12.2003")
    }

    var hub: Node { world.hub }
    var server: LiveServer { world.hubServer }

    /// A request of Lontar's first laptop that the hub takes.
    var request: RawRequest { RawRequest(village, to: hub) }

    /// A further copy in Lontar, enrolled by the hub, whose log no store keeps: each test writes one of its own.
    func author() throws -> LogAuthor {
        let author = try LogAuthor("uji-" + String((0..<10).map { _ in "abcdefghij".randomElement() ?? "a" }))
        try hub.recordEnrolment(author.enrolment)
        return author
    }

    /// Asks until the hub has a place for a session of `node`: that of a line that was cut is free once the server has
    /// noticed.
    func untilFree(_ node: Node) async throws {
        while try await RawRequest(node, to: hub).send(to: server).status == 503 {}
    }

    /// What the hub holds, log by log.
    func held() throws -> Set<TableRow> { Set(try hub.store.logs()) }

    /// Whatever happened before, a village records, syncs over its socket, and all it wrote is at the hub as it is.
    func checkGoesOn(
        _ node: Node, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let line = try node.recordExample()
        let report = try await LiveWorld.sync(node)
        #expect(report.agreed, "\(comment) \(report.refusals)", sourceLocation: sourceLocation)
        let held = try hub.store.line(line.reference.log, line.reference.sequence)
        #expect(held == line.bytes, "\(comment)", sourceLocation: sourceLocation)
    }
}
