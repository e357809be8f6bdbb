import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing

/// What a child may send after its hello, good and bad (`protocol/03-frames.md`, `protocol/07-errors-and-limits.md`).
@Suite(.serialized, .timeLimit(.minutes(5))) struct `An upload` {
    typealias Break = @Sendable (inout RawRequest, SyncScene) throws -> Void

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        /// Whether the refusal names the log.
        var namesLog = true
        let add: Break

        init(_ name: String, _ code: String, namesLog: Bool = true, _ add: @escaping Break) {
            (testDescription, self.code, self.namesLog, self.add) = (name, code, namesLog, add)
        }
    }

    private static let scene = Task { try await SyncScene() }

    // MARK: - Frames that are refused alone

    static let refused: [Case] = [
        Case("a log of another village", "out-of-scope") { request, scene in
            var author = try LogAuthor(as: scene.village, audience: RegionCode("36.04.12.2003"), lane: "asing")
            author.write(1)
            try request.add(try author.frame(0, 1))
        },
        Case("a log for the whole regency", "out-of-scope") { request, scene in
            var author = try LogAuthor(as: scene.village, audience: RegionCode("36.04"), lane: "asing")
            author.write(1)
            try request.add(try author.frame(0, 1))
        },
        Case("an author that nobody enrolled", "unknown-author") { request, _ in
            var author = try LogAuthor("asing-a")
            author.write(1)
            try request.add(try author.frame(0, 1))
        },
        Case("a checkpoint under another key", "bad-signature") { request, scene in
            var author = try LogAuthor("lontar-a", lane: "palsu", epoch: scene.village.own.epoch)
            author.write(2)
            try request.add(try author.frame(0, 2))
        },
        Case("a checkpoint that is none", "bad-checkpoint") { request, scene in
            let author = try LogAuthor(as: scene.village, lane: "rusak")
            try request.add(LinesFrame(log: author.log, from: 0, lines: [Array("a".utf8)], note: "no note"))
        },
        Case("a line that was altered", "root-mismatch") { request, scene in
            var author = try LogAuthor(as: scene.village, lane: "rusak")
            author.write(2)
            let note = try author.checkpoint(2)
            try request.add(
                LinesFrame(log: author.log, from: 0, lines: [Array("a".utf8), author.lines[1]], note: note))
        },
        Case("lines that start past the end", "gap") { request, scene in
            var author = try LogAuthor(as: scene.village, lane: "rusak")
            author.write(5)
            try request.add(try author.frame(3, 5))
        },
        Case("a line of 65,537 bytes", "too-large") { request, scene in
            var author = try LogAuthor(as: scene.village, lane: "rusak")
            author.write(bytes: [UInt8](repeating: 0x61, count: 65_537))
            try request.add(try author.frame(0, 1))
        },
        Case("an empty line", "malformed") { request, scene in
            var author = try LogAuthor(as: scene.village, lane: "rusak")
            author.write(bytes: [])
            try request.add(try author.frame(0, 1))
        },
        Case("fewer lines than the header says", "malformed") { request, scene in
            let log = try LogAuthor(as: scene.village, lane: "rusak").log
            try request.add(
                content: Array(#"{"frame":"lines","log":"\#(log)","from":0,"count":3}"#.utf8) + Array("\na\n{}\n".utf8))
        },
        Case("a header with a member twice", "malformed", namesLog: false) { request, scene in
            let log = try LogAuthor(as: scene.village, lane: "rusak").log
            try request.add(
                content: Array(#"{"frame":"lines","log":"\#(log)","from":0,"from":1,"count":1}"#.utf8)
                    + Array("\na\n{}\n".utf8))
        },
        Case("bytes that are no JSON", "malformed", namesLog: false) { request, _ in
            try request.add(content: [0xff, 0x00, 0x0a])
        },
        Case("a record that is nested too deep", "malformed", namesLog: false) { request, _ in
            try request.add(content: Array((#"{"later":"# + String(repeating: "[", count: 50_000) + "\n").utf8))
        },
    ]

    @Test(arguments: refused)
    func `has a bad frame refused by name, and what is around it is taken`(_ one: Case) async throws {
        let scene = try await Self.scene.value
        var (good, after) = (try scene.author(), try scene.author())
        good.write(3)
        after.write(2)
        let before = try scene.held()
        var request = scene.request
        try request.add(try good.frame(0, 2))
        try one.add(&request, scene)
        try request.add(try after.frame(0, 2))
        try request.add(try good.frame(2, 3))

        let answer = try await request.send(to: scene.server)
        #expect(answer.status == 200)
        #expect(answer.refusals.map(\.code) == [one.code])
        #expect((answer.refusals.first?.log != nil) == one.namesLog)
        #expect(answer.held[good.log.description] == 3)
        #expect(answer.held[after.log.description] == 2)
        #expect(answer.hasEnd)
        let new = Set(try scene.held().subtracting(before).map(\.log)).filter { $0.node != scene.hub.own.node }
        #expect(new == [good.log, after.log], "nothing of the bad one is kept")
        #expect(try scene.hub.store.lines(good.log, from: 0, through: 2) == good.lines)
    }

    // MARK: - Bytes behind which no frame can be found

    static let ending: [Case] = [
        Case("a frame with a damaged byte", "malformed") { request, scene in
            var author = try LogAuthor(as: scene.village, lane: "rusak")
            author.write(200) { "line \($0 &* 7_919) of many" }
            var bytes = try Frame.lines(try author.frame(0, 200)).encoded()
            // The magic number stays: what follows it is no frame's header.
            bytes.replaceSubrange(4..<12, with: [UInt8](repeating: 0xff, count: 8))
            request.rest += bytes
        },
        Case("a frame of three million spaces", "expands-too-far") { request, _ in
            request.rest += try Zstd.compress([UInt8](repeating: 0x20, count: 3 << 20))
        },
        Case("a skippable frame", "malformed") { request, _ in
            request.rest += [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
        },
        Case("a page", "malformed") { request, _ in request.rest += Array("<html>".utf8) },
        Case("more frames than allowed", "too-large") { request, _ in
            let frame = try Frame.control([.object([JSONMember("later", .int(1))])]).encoded()
            for _ in 0..<16_384 { request.rest += frame }
        },
    ]

    @Test(arguments: ending)
    func `ends at what is no frame, says so, and keeps what came before`(_ one: Case) async throws {
        let scene = try await Self.scene.value
        var (good, after) = (try scene.author(), try scene.author())
        good.write(2)
        after.write(2)
        var request = scene.request
        try request.add(try good.frame(0, 2))
        try one.add(&request, scene)
        try request.add(try after.frame(0, 2))

        let answer = try await request.send(to: scene.server)
        #expect(answer.status == 200)
        #expect(answer.refusals.map(\.code) == [one.code])
        #expect(answer.held == [good.log.description: 2])
        #expect(!answer.hasEnd, "the client is to ask again")
        #expect(try scene.held().contains { $0.log == good.log && $0.size == 2 })
        #expect(try !scene.held().contains { $0.log == after.log })

        var again = scene.request
        try again.add(try after.frame(0, 2))
        let second = try await again.send(to: scene.server)
        #expect(second.held[after.log.description] == 2)
        #expect(second.hasEnd)
    }

    @Test func `cut inside a frame keeps the frames before it, and blames nobody`() async throws {
        let scene = try await Self.scene.value
        var author = try scene.author()
        author.write(20)
        var request = scene.request
        try request.add(try author.frame(0, 5))
        request.rest += try Frame.lines(try author.frame(5, 20)).encoded().dropLast(3)
        let answer = try await request.send(to: scene.server)
        #expect(answer.held == [author.log.description: 5])
        #expect(answer.refusals.isEmpty)
        #expect(!answer.hasEnd)
        #expect(try scene.hub.store.lines(author.log, from: 0, through: 4) == Array(author.lines.prefix(5)))
    }

    @Test func `whose sender is gone before the answer is kept as far as it came`() async throws {
        let scene = try await Self.scene.value
        var author = try scene.author()
        author.write(6)
        var request = scene.request
        for from in Int64(0)..<6 { try request.add(try author.frame(from, from + 1)) }
        let (head, body) = (try request.head(length: try request.body.count + 100), try request.body)
        try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(Array(head.utf8) + body)
            // Not a byte of the answer is read.
            socket.abort()
        }
        while try !scene.held().contains(where: { $0.log == author.log && $0.size == 6 }) { await Task.yield() }
        #expect(try scene.hub.store.lines(author.log, from: 0, through: 5) == author.lines)
    }

    @Test func `that says to be larger than a request may be is refused before it is sent`() async throws {
        let scene = try await Self.scene.value
        let head = try scene.request.head(length: Limits.requestBytes + 1)
        let answer = try await offPool {
            let socket = try Socket(port: scene.server.port)
            socket.send(head)
            return RawAnswer(socket.receive() ?? [])
        }
        #expect(answer.status == 413)
        #expect(answer.code == "too-large")
    }

    @Test func `larger than a request may be is ended, and what was receipted stays`() async throws {
        let scene = try await Self.scene.value
        var author = try scene.author()
        author.write(2)
        var random = SeededGenerator(seed: 64)
        let noise = Data(random.bytes(1 << 20)).base64EncodedString()
        let heavy = try Frame.control([.object([JSONMember("later", .string(noise))])]).encoded(level: 1)
        var request = scene.request
        try request.add(try author.frame(0, 2))
        while request.rest.count <= Limits.requestBytes { request.rest += heavy }
        let answer = try await request.send(to: scene.server, inChunks: true)
        #expect(answer.refusals.map(\.code) == ["too-large"])
        #expect(answer.held == [author.log.description: 2])
        #expect(!answer.hasEnd)
    }

    // MARK: - Nothing is lost

    @Test func `that came again is held once`() async throws {
        let scene = try await Self.scene.value
        var author = try scene.author()
        author.write(4)
        var request = scene.request
        try request.add(try author.frame(0, 4))
        try request.add(try author.frame(1, 3))
        let first = try await request.send(to: scene.server)
        let before = try scene.held()
        let second = try await request.send(to: scene.server)
        #expect(first.held == second.held)
        #expect(first.records.filter { $0["receipt"] != nil }.first == second.records.first { $0["receipt"] != nil })
        #expect(try scene.held() == before)
    }

    @Test func `of whatever kind leaves every village free to sync`() async throws {
        let scene = try await Self.scene.value
        try await scene.checkGoesOn(scene.village)
        try await scene.checkGoesOn(scene.sibling)
        try await scene.checkGoesOn(scene.other)
    }
}
