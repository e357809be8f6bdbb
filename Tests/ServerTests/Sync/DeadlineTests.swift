import Event
import Foundation
import NIOCore
import Node
import Server
import Store
import Sync
import TestKit
import Testing

/// Time that nobody may take, however steadily bytes trickle; while somebody tries, everybody else goes on.
///
/// The slow ones meet a server of the hub with short deadlines of its own, so that a busy machine cannot hurry those
/// who are not slow.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `A slow sender` {
    private struct Impatient: Sendable {
        let scene: SyncScene
        let server: LiveServer

        init(_ change: (inout LiveServer.Options) -> Void) async throws {
            scene = try await SyncScene()
            var options = LiveServer.Options()
            options.sessions = 1
            change(&options)
            server = try await LiveServer(scene.hub, options)
        }

        /// The place of the slow one is free again, and nobody was in the way of the others.
        func checkGoesOn() async throws {
            while try await RawRequest(scene.other, to: scene.hub).send(to: server).status == 503 {}
            try await scene.checkGoesOn(scene.other)
        }
    }

    /// Sends a piece every now and then until the server has closed, for at most a minute.
    ///
    /// - Returns: what the server said; nil if it never closed.
    private static func trickle(_ socket: Socket, _ piece: [UInt8]) -> [UInt8]? {
        let end = ContinuousClock.now + .seconds(60)
        var said: [UInt8] = []
        while ContinuousClock.now < end {
            socket.send(piece)
            guard let bytes = socket.receive(within: 0.02) else { continue }
            if bytes.isEmpty { return said }
            said += bytes
        }
        return nil
    }

    /// The beginning of a zstd frame, and a block of it that holds nothing and is not the last.
    private static let (endless, nothing): ([UInt8], [UInt8]) = ([0x28, 0xb5, 0x2f, 0xfd, 0, 0], [0, 0, 0])

    @Test func `of headers is closed when their time is over`() async throws {
        let impatient = try await Impatient { $0.deadlines.head = .milliseconds(400) }
        async let said = offPool {
            let socket = try Socket(port: impatient.server.port)
            socket.send("POST /sync/v1 HTTP/1.1\r\nX-Slow: ")
            return Self.trickle(socket, [UInt8(ascii: "a")])
        }
        try await impatient.scene.checkGoesOn(impatient.scene.village)
        #expect(try await said == [])
    }

    @Test func `of the headers of a second request is closed as well`() async throws {
        let impatient = try await Impatient { $0.idle = .seconds(1) }
        let said = try await offPool {
            let socket = try Socket(port: impatient.server.port)
            socket.send("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try #require(socket.answer().hasPrefix("HTTP/1.1 404"))
            socket.send("GET /second HTTP/1.1\r\nX-Slow: ")
            return Self.trickle(socket, [UInt8(ascii: "a")])
        }
        #expect(String(decoding: try #require(said), as: UTF8.self).contains("HTTP/1.1") == false)
    }

    @Test func `of the first frame is told so, and its place is free again`() async throws {
        let impatient = try await Impatient { $0.limits.firstFrame = .milliseconds(400) }
        let request = impatient.scene.request
        let said = try await offPool {
            let socket = try Socket(port: impatient.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(Self.endless))
            return Self.trickle(socket, Chunks.chunk(Self.nothing))
        }
        let answer = RawAnswer(try #require(said))
        #expect(answer.status == 413)
        #expect(answer.code == "too-large")
        try await impatient.checkGoesOn()
    }

    @Test func `that falls silent before its first frame is closed`() async throws {
        let impatient = try await Impatient { $0.idle = .milliseconds(400) }
        let request = impatient.scene.request
        let rest = try await offPool {
            let socket = try Socket(port: impatient.server.port)
            socket.send(try request.head(length: 1_000))
            return socket.receive(within: 60)
        }
        #expect(rest == [])
        try await impatient.checkGoesOn()
    }

    @Test func `of an upload is cut off by the absolute deadline, and what it brought is kept`() async throws {
        let impatient = try await Impatient { $0.deadlines.request = .seconds(8) }
        var author = try impatient.scene.author()
        author.write(3)
        let (frame, log) = (try Frame.lines(try author.frame(0, 3)).encoded(), author.log.description)
        let request = impatient.scene.request
        let said = try await offPool {
            let socket = try Socket(port: impatient.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(try request.body + frame))
            var said: [UInt8] = []
            while RawAnswer(said).held[log] == nil, let more = socket.receive(), !more.isEmpty { said += more }
            socket.send(Chunks.chunk(Self.endless))
            return Self.trickle(socket, Chunks.chunk(Self.nothing)).map { said + $0 }
        }
        let answer = RawAnswer(try #require(said))
        #expect(answer.held[log] == 3)
        #expect(!answer.hasEnd)
        #expect(try impatient.scene.hub.store.lines(author.log, from: 0, through: 2) == author.lines)
        try await impatient.checkGoesOn()
    }

    @Test func `of an upload is told when the session's time is over`() async throws {
        let impatient = try await Impatient { $0.limits.request = .milliseconds(400) }
        let request = impatient.scene.request
        let record = try Frame.control([.object([JSONMember("later", .int(1))])]).encoded()
        let said = try await offPool {
            let socket = try Socket(port: impatient.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(try request.body))
            return Self.trickle(socket, Chunks.chunk(record))
        }
        let answer = RawAnswer(try #require(said))
        #expect(answer.refusals.map(\.code) == ["too-large"])
        #expect(!answer.hasEnd)
        try await impatient.checkGoesOn()
    }
}
