import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing
import Transport

/// A hub that goes away in the middle of an upload and comes back.
@Suite(.timeLimit(.minutes(5))) struct `A hub that is restarted mid-upload` {
    /// The lines of a log that a node holds.
    private static func lines(_ log: LogName, _ node: Node) throws -> [[UInt8]] {
        guard let size = try node.store.logs().first(where: { $0.log == log })?.size, size > 0 else { return [] }
        return try node.store.lines(log, from: 0, through: size - 1)
    }

    private static func receipted(_ log: LogName, _ village: Node, by hub: Node) throws -> Int64 {
        try village.store.receipts(of: log).filter { $0.kind == .held && $0.holder == hub.own.node }.map(\.size).max()
            ?? 0
    }

    /// Where the line breaks, in bytes of one direction.
    enum Cut: Sendable {
        case up(Int)
        case down(Int)
    }

    static let cuts: [Cut] = [.up(6_000), .up(12_000), .down(2_500), .down(5_000)]

    @Test(arguments: cuts)
    func `has lost nothing it receipted, and the upload goes on from what it holds`(_ cut: Cut) async throws {
        let scene = try await SyncScene()
        let relay = try Relay(to: scene.server.port)
        var village = try Node.moved(scene.village, to: relay.url)
        // Small frames, as on a bad line, so that the cut falls between some.
        try await Self.slow(village, scene.hub)
        let saved = try village.recordExamples(150)
        let log = try #require(saved.first).reference.log
        switch cut {
        case .up(let bytes):
            relay.cut(upAfter: bytes, once: { [hub = scene.hub] in (try? Self.lines(log, hub).isEmpty) == false })
        case .down(let bytes): relay.cut(downAfter: bytes)
        }

        let laptop = village
        await #expect(throws: TransportError.self) { try await LiveWorld.sync(laptop) }
        #expect(relay.cuts == 1)
        await scene.server.stop()
        try scene.hub.close()
        let hub = try Node(folder: scene.hub.folder, logger: .quiet)
        let server = try await LiveServer(hub)
        let kept = try Self.lines(log, hub)
        #expect(kept == saved.prefix(kept.count).map(\.bytes), "a prefix, byte for byte")
        let receipted = try Self.receipted(log, village, by: hub)
        #expect(receipted <= kept.count, "what was receipted is there")
        #expect(!kept.isEmpty && kept.count < saved.count)

        relay.retarget(server.port)
        // The laptop was off as well.
        village = try Node.moved(village, to: relay.url)
        let report = try await LiveWorld.sync(village)
        #expect(report.agreed)
        #expect(report.tally.linesUp == saved.count - kept.count, "only what was missing was sent")
        #expect(try Self.lines(log, hub) == saved.map(\.bytes))
        #expect(try Self.receipted(log, village, by: hub) == Int64(saved.count))
    }

    @Test func `gets every line and key through a line that never carries more than 20 kB`() async throws {
        let scene = try await SyncScene()
        let relay = try Relay(to: scene.server.port)
        let village = try Node.moved(scene.village, to: relay.url)
        // Each record is of another person, with a key of her own: more bytes than the line carries at once.
        let saved = try village.recordExamples(150)
        let log = try #require(saved.first).reference.log
        var (cuts, isAgreed) = (0, false)
        while !isAgreed, cuts < 200 {
            relay.cut(upAfter: 20_000)
            do { isAgreed = try await LiveWorld.sync(village).agreed } catch is TransportError { cuts += 1 }
        }
        #expect(isAgreed, "after \(cuts) cuts")
        #expect(cuts > 0)
        #expect(try Self.lines(log, scene.hub) == saved.map(\.bytes))
        let (here, there) = (try village.store.keyShareNames(), try scene.hub.store.keyShareNames())
        #expect(!here.isEmpty && here.isSubset(of: there))
    }

    @Test func `sends no key twice over a line that holds`() async throws {
        let scene = try await SyncScene()
        let relay = try Relay(to: scene.server.port)
        let village = try Node.moved(scene.village, to: relay.url)
        try await Self.slow(village, scene.hub)
        _ = try village.recordExamples(150)
        let shares = try village.store.keyShares().reduce(0) { $0 + $1.box.count + 200 }
        let report = try await LiveWorld.sync(village)
        #expect(report.agreed)
        #expect(report.tally.requests > 3)
        // Keys once, and lines, of which there are more but which compress well.
        #expect(report.bytesSent < Int64(shares) * 2, "\(report.bytesSent) for \(shares) bytes of keys")
    }

    /// Tells the village that its last line was bad.
    private static func slow(_ village: Node, _ hub: Node) async throws {
        var peer = try village.store.peer(hub.own.node)
        var pace = LinePace()
        for _ in 0..<12 { pace.wasCut(kept: 0) }
        peer.pace = String(decoding: try JSONEncoder().encode(pace), as: UTF8.self)
        try village.store.save(peer)
    }
}
