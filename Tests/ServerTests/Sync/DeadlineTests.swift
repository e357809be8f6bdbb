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
@Suite(.timeLimit(.minutes(2))) struct `A slow sender` {
    /// Sends a byte every now and then until the server has closed, for at most 20 seconds.
    ///
    /// - Returns: what the server said; nil if it never closed.
    private static func trickle(_ socket: Socket, _ piece: [UInt8]) -> [UInt8]? {
        let end = ContinuousClock.now + .seconds(20)
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
        var options = LiveServer.Options()
        options.deadlines.head = .milliseconds(400)
        let scene = try await SyncScene(options)
        async let said = offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send("POST /sync/v1 HTTP/1.1\r\nX-Slow: ")
            return Self.trickle(socket, [UInt8(ascii: "a")])
        }
        try await scene.checkGoesOn(scene.village)
        #expect(try await said == [])
    }

    @Test func `of the headers of a second request is closed as well`() async throws {
        var options = LiveServer.Options()
        options.idle = .milliseconds(400)
        let scene = try await SyncScene(options)
        let said = try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try #require(socket.answer().hasPrefix("HTTP/1.1 404"))
            socket.send("GET /second HTTP/1.1\r\nX-Slow: ")
            return Self.trickle(socket, [UInt8(ascii: "a")])
        }
        #expect(String(decoding: try #require(said), as: UTF8.self).contains("HTTP/1.1") == false)
    }

    @Test func `of the first frame is told so, and its place is free again`() async throws {
        var options = LiveServer.Options()
        options.sessions = 1
        options.limits.firstFrame = .milliseconds(400)
        let scene = try await SyncScene(options)
        let request = scene.request
        let said = try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(Self.endless))
            return Self.trickle(socket, Chunks.chunk(Self.nothing))
        }
        let answer = RawAnswer(try #require(said))
        #expect(answer.status == 413)
        #expect(answer.code == "too-large")
        try await scene.checkGoesOn(scene.other)
    }

    @Test func `that falls silent before its first frame is closed`() async throws {
        var options = LiveServer.Options()
        (options.sessions, options.idle) = (1, .milliseconds(400))
        let scene = try await SyncScene(options)
        let request = scene.request
        let rest = try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(try request.head(length: 1_000))
            return socket.receive()
        }
        #expect(rest == [])
        try await scene.checkGoesOn(scene.other)
    }

    @Test func `of an upload is cut off by the absolute deadline, and what it brought is kept`() async throws {
        var options = LiveServer.Options()
        options.sessions = 1
        options.deadlines.request = .milliseconds(1_500)
        let scene = try await SyncScene(options)
        var author = try scene.author()
        author.write(3)
        let (frame, log) = (try Frame.lines(try author.frame(0, 3)).encoded(), author.log.description)
        let request = scene.request
        let said = try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(try request.body + frame))
            var said: [UInt8] = []
            while RawAnswer(said).held[log] == nil, let more = socket.receive(), !more.isEmpty {
                said += more
            }
            socket.send(Chunks.chunk(Self.endless))
            return Self.trickle(socket, Chunks.chunk(Self.nothing)).map { said + $0 }
        }
        let answer = RawAnswer(try #require(said))
        #expect(answer.held[log] == 3)
        #expect(!answer.hasEnd)
        #expect(try scene.hub.store.lines(author.log, from: 0, through: 2) == author.lines)
        try await scene.checkGoesOn(scene.other)
    }

    @Test func `of an upload is told when the session's time is over`() async throws {
        var options = LiveServer.Options()
        options.limits.request = .milliseconds(400)
        let scene = try await SyncScene(options)
        let request = scene.request
        let record = try Frame.control([.object([JSONMember("later", .int(1))])]).encoded()
        let said = try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(try request.body))
            return Self.trickle(socket, Chunks.chunk(record))
        }
        let answer = RawAnswer(try #require(said))
        #expect(answer.refusals.map(\.code) == ["too-large"])
        #expect(!answer.hasEnd)
        try await scene.checkGoesOn(scene.village)
    }

    @Test func `that does not read what it asked for is closed`() async throws {
        var options = LiveServer.Options()
        (options.sessions, options.deadlines.request) = (1, .milliseconds(1_500))
        let scene = try await SyncScene(options)
        var random = SeededGenerator(seed: 16)
        var author = try scene.author()
        for _ in 0..<240 { author.write(bytes: random.bytes(49_000).map { $0 == 0x0a ? 0x20 : $0 }) }
        for from in stride(from: Int64(0), to: author.size, by: 20) {
            _ = try scene.hub.store.commit(
                try author.frame(from, from + 20), scope: scene.village.own.region, stating: true)
        }
        var request = scene.request
        request.say("max", .int(64 << 20))
        let (head, body) = (try request.head(length: try request.body.count), try request.body)
        let socket = try await offPool {
            let socket = try Socket(port: scene.server.port, receiveBuffer: 4_096)
            socket.send(Array(head.utf8) + body)
            return socket
        }
        // One session is allowed: the next is let in when that one is closed.
        try await scene.untilFree(scene.other)
        try await scene.checkGoesOn(scene.other)
        let got = try await offPool { RawAnswer(socket.receiveAll()) }
        #expect(got.status == 200)
        #expect(!got.hasEnd)
    }
}
