import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing
import Transport

/// A hub that goes away in the middle of an upload and comes back.
@Suite(.timeLimit(.minutes(2))) struct `A hub that is restarted mid-upload` {
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

    static let cuts: [Cut] = [.up(2_500), .up(9_000), .down(1_500), .down(3_000)]

    @Test(arguments: cuts)
    func `has lost nothing it receipted, and the upload goes on from what it holds`(_ cut: Cut) async throws {
        let scene = try await SyncScene()
        let relay = try Relay(to: scene.server.port)
        var village = try Node.moved(scene.village, to: relay.url)
        // Small frames, as on a bad line, so that the cut falls between some.
        try await Self.slow(village, scene.hub)
        var saved: [AppendedLine] = []
        for _ in 0..<150 { saved.append(try village.recordExample()) }
        let log = try #require(saved.first).reference.log
        switch cut {
        case .up(let bytes): relay.cut(upAfter: bytes)
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
        #expect(kept.count < saved.count)

        relay.retarget(server.port)
        // The laptop was off as well.
        village = try Node.moved(village, to: relay.url)
        let report = try await LiveWorld.sync(village)
        #expect(report.agreed)
        #expect(report.tally.linesUp == saved.count - kept.count, "only what was missing was sent")
        #expect(try Self.lines(log, hub) == saved.map(\.bytes))
        #expect(try Self.receipted(log, village, by: hub) == Int64(saved.count))
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
