import Event
import Foundation
import Node
import Store
import Sync
import Synchronization
import TestKit
import Testing

/// A laptop that syncs by itself once a day.
@Suite(.timeLimit(.minutes(2))) struct `A daemon that waits for its turn` {
    private struct Listener: SyncObserver {
        let events: AsyncStream<SyncEvent>.Continuation
        func note(_ event: SyncEvent) { events.yield(event) }
    }

    private static func isReceipted(_ line: AppendedLine, _ node: Node, _ hub: Node) throws -> Bool {
        try node.store.receipts(of: line.reference.log).contains {
            $0.kind == .held && $0.holder == hub.own.node && $0.size > line.reference.sequence
        }
    }

    @Test func `sends an urgent line at once, whoever opened the folder to save it`() async throws {
        let scene = try await SyncScene()
        #expect(try await LiveWorld.sync(scene.village).agreed)
        let (events, observer) = AsyncStream.makeStream(of: SyncEvent.self)
        // The daemon has opened the folder for itself, as a process of its own does.
        let node = try Node(folder: scene.village.folder, logger: .quiet)
        let daemon = try SyncDaemon(node, schedule: .every(seconds: 86_400), observer: Listener(events: observer))
        let running = Task { try await daemon.run() }
        var (usual, urgent) = (AppendedLine?.none, AppendedLine?.none)
        var finished = 0
        for await event in events {
            if case .waiting = event, urgent == nil {
                usual = try scene.village.recordExample()
                urgent = try scene.village.recordExample("response.requested")
            }
            if case .finished = event {
                finished += 1
                break
            }
        }
        running.cancel()
        try await running.value
        #expect(finished == 1)
        #expect(try Self.isReceipted(try #require(urgent), node, scene.hub))
        #expect(try Self.isReceipted(try #require(usual), node, scene.hub), "what else there is goes along")
    }
}
