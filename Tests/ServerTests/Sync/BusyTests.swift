import Event
import Foundation
import Node
import Store
import Sync
import Synchronization
import TestKit
import Testing
import Transport

/// A server that has enough to do says when to come again, and the daemon obeys (`protocol/07-errors-and-limits.md`).
@Suite(.timeLimit(.minutes(5))) struct `A busy hub` {
    /// A session that has begun and does not go on, until it is let go.
    private static func occupy(_ scene: SyncScene, as node: Node) async throws -> Socket {
        let request = RawRequest(node, to: scene.hub)
        return try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(try request.body))
            // The state comes at once: from here on the session is under way.
            try #require(socket.answer().hasPrefix("HTTP/1.1 200"))
            return socket
        }
    }

    @Test func `turns away one session too many, with a wait, and takes it later`() async throws {
        var options = LiveServer.Options()
        options.sessions = 1
        let scene = try await SyncScene(options)
        let holder = try await Self.occupy(scene, as: scene.village)

        let answer = try await RawRequest(scene.other, to: scene.hub).send(to: scene.server)
        #expect(answer.status == 503)
        #expect(answer.code == "busy")
        let wait = try #require(answer.headers["retry-after"].flatMap { Int($0) })
        #expect((20...60).contains(wait))
        #expect(answer.headers["simpul-challenge"] != nil)

        let line = try scene.other.recordExample()
        let error = await #expect(throws: TransportError.self) { try await LiveWorld.sync(scene.other) }
        #expect(error?.retryAfter ?? .zero >= .seconds(20))
        #expect(error?.retry == .same)
        #expect(try scene.other.store.line(line.reference.log, line.reference.sequence) == line.bytes)

        holder.abort()
        try await scene.untilFree(scene.other)
        try await scene.checkGoesOn(scene.other)
        #expect(try scene.hub.store.line(line.reference.log, line.reference.sequence) == line.bytes)
    }

    @Test func `takes one session of a node at a time, and others beside it`() async throws {
        let scene = try await SyncScene()
        let holder = try await Self.occupy(scene, as: scene.village)
        let answer = try await scene.request.send(to: scene.server)
        #expect(answer.status == 503)
        #expect(answer.code == "busy")
        #expect((5...15).contains(answer.headers["retry-after"].flatMap { Int($0) } ?? 0))
        try await scene.checkGoesOn(scene.sibling)
        holder.abort()
        try await scene.untilFree(scene.village)
        try await scene.checkGoesOn(scene.village)
    }

    @Test func `is left alone by the daemon for as long as it asks`() async throws {
        var options = LiveServer.Options()
        options.sessions = 1
        let scene = try await SyncScene(options)
        let holder = try await Self.occupy(scene, as: scene.village)
        let line = try scene.other.recordExample()
        // A clock that jumps to the end of each sleep, by which time the hub is free.
        let time = Mutex(Date(timeIntervalSince1970: 1_786_676_400))
        let slept = Mutex(0.0)
        let asked = Mutex<[Double]>([])
        let clock = WallClock(
            now: { time.withLock { $0 } },
            sleep: { duration in
                let seconds = duration / .seconds(1)
                time.withLock { $0 += seconds }
                slept.withLock { $0 += seconds }
                holder.abort()
                // One that fails shows as a second refusal.
                try? await scene.untilFree(scene.other)
            })
        let daemon = SyncDaemon(.once, clock: clock, observer: Deaf()) {
            do {
                _ = try await LiveWorld.sync(scene.other)
            } catch let error as TransportError {
                asked.withLock { $0.append((error.retryAfter ?? .zero) / .seconds(1)) }
                throw error
            }
            return SyncSummary()
        }
        try await daemon.run()
        let wait = try #require(asked.withLock { $0 }.first)
        #expect(asked.withLock { $0.count } == 1)
        #expect(wait >= 20)
        #expect(slept.withLock { $0 } >= wait)
        #expect(try scene.hub.store.line(line.reference.log, line.reference.sequence) == line.bytes)
    }

    private struct Deaf: SyncObserver {
        func note(_ event: SyncEvent) {}
    }
}
