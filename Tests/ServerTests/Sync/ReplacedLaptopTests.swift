import Event
import Foundation
import Node
import ReadModels
import Store
import Sync
import Synchronization
import TestKit
import Testing
import Transport

/// A village lost its laptop with a year's work. What the replacement gets over a line that is cut again and again, by
/// bytes: what they take at 32 kbit/s follows.
@Suite(.timeLimit(.minutes(10))) struct `A replaced laptop` {
    private static let cutAfter = 100_000

    /// What was seen while bytes came.
    private struct Seen {
        var cut: Int64 = -1
        var bytes: Int?
        var linesOfLog: Int64 = -1
    }

    /// Those of `ids` whose names the pages show.
    private static func shown(_ ids: Set<String>, of year: VillageYear, at node: Node) throws -> Bool {
        try node.settle()
        let desk = Desk(node: node)
        try desk.refresh()
        return ids.allSatisfy { desk.people.card($0)?.name == year.names[$0] }
    }

    private static func linesOfLog(_ node: Node, _ epoch: Epoch) throws -> Int64 {
        try node.store.logs().filter { $0.log.epoch == epoch }.reduce(0) { $0 + $1.size }
    }

    @Test func `over TLS, on a line cut every 100 kB, knows whom it needs within 300 kB`() async throws {
        let world = try await LiveWorld(hub: .init(certificate: try .shared()))
        let clock = SteppedClock(Date() - 365 * 86_400)
        try await world.village("lontar-a").close()
        let lost = try Node(folder: world.path("lontar-a"), logger: .quiet, now: clock.now)
        let year = try await offPool { try VillageYear(lost, .whole, clock: clock) }
        #expect(year.lines > 3_000)
        #expect(try await LiveWorld.sync(lost).agreed)
        let epoch = lost.own.epoch
        try await offPool {
            try world.hub.project()
            try world.hub.revoke(node: lost.own.node, epoch: epoch, reason: "lost")
            try lost.close()
            try FileManager.default.removeItem(atPath: world.path("lontar-a").path)
        }

        let relay = try Relay(to: world.hubServer.port)
        let node = try await world.village("lontar-a", url: "https://127.0.0.1:\(relay.port)")
        let own = try node.recordExample()
        #expect(try node.store.line(own.reference) == own.bytes, "it records before any sync")

        let seen = Mutex(Seen())
        let down = { @Sendable in relay.recorded.down.reduce(0) { $0 + $1.count } }
        let worker = HTTPWorker(try #require(SyncRunner.settings(node.configuration)))
        var agreed = false
        for _ in 0..<200 where !agreed {
            relay.cutEach(downAfter: Self.cutAfter)
            do {
                agreed = try await worker.run { client in
                    try SyncRunner(node: node) { _, _, _ in
                        seen.withLock { seen in
                            guard seen.bytes == nil, let cut = try? node.store.intakeSize(), cut != seen.cut else {
                                return
                            }
                            let bytes = down()
                            seen.cut = cut
                            guard (try? Self.shown(year.withCase, of: year, at: node)) == true else { return }
                            seen.bytes = bytes
                            seen.linesOfLog = (try? Self.linesOfLog(node, epoch)) ?? -1
                        }
                    }.run(client).agreed
                }
            } catch is TransportError {}
        }
        #expect(agreed)
        let (bytes, lines) = seen.withLock { ($0.bytes, $0.linesOfLog) }
        #expect(try #require(bytes) < 300_000)
        #expect(lines == 0, "of the log itself nothing was there yet")
        print(
            "replaced laptop: \(year.lines) lines of \(year.names.count) persons; \(bytes ?? 0) bytes down, TLS, HTTP and "
                + "enrolling included, until \(year.withCase.count) with an open case are known by name; \(down()) for all, "
                + "\(relay.cuts) cuts")
        try await offPool {
            #expect(try Self.shown(Set(year.names.keys), of: year, at: node))
            try node.project()
            #expect(Set(try Desk(node: node).board(for: .holder).cases.compactMap(\.person)) == year.withCase)
            #expect(try node.store.earlyHeld().have.isEmpty)
            #expect(try node.store.audit().findings.isEmpty)
            #expect(try node.store.alarms().isEmpty)
        }
    }
}
