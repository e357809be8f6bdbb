import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing
import Transport

/// What a village may meet in place of its hub: a captive portal, a redirect, a broken proxy. Nothing advances, nothing
/// is lost, and the hub gets everything once it answers.
@Suite(.timeLimit(.minutes(5))) struct `What is not the hub` {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Words of the error: what happened.
        let says: String
        let answer: String

        init(_ name: String, says: String, _ head: String, _ body: String = "") {
            (testDescription, self.says) = (name, says)
            answer = "HTTP/1.1 \(head)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        }
    }

    private static let sync = "Content-Type: application/vnd.simpul.sync"
    private static let problem = "Content-Type: application/problem+json"

    static let cases = [
        Case(
            "a login page with status 200", says: "text/html", "200 OK\r\nContent-Type: text/html",
            "<html><body>Silakan masuk</body></html>"),
        Case("a redirect", says: "302", "302 Found\r\nLocation: http://127.0.0.1:1/sync/v1"),
        Case("a permanent redirect", says: "308", "308 Permanent Redirect\r\nLocation: http://127.0.0.1:1/sync/v1"),
        Case("an empty answer", says: "without a type", "204 No Content"),
        Case("an answer of the right type with nothing in it", says: "no end", "200 OK\r\n\(sync)"),
        Case("a page of the right type", says: "malformed", "200 OK\r\n\(sync)", "<html>not a frame</html>"),
        Case("a broken proxy", says: "502", "502 Bad Gateway\r\nContent-Type: text/html", "<html>oops</html>"),
        Case("a server with a defect", says: "500", "500 Internal Server Error"),
        Case("a wait without a span", says: "503", "503 Service Unavailable\r\n\(problem)", #"{"code":"busy"}"#),
        Case(
            "a refusal by someone who is not Simpul", says: "403", "403 Forbidden\r\nContent-Type: text/html",
            "<html>blocked by policy</html>"),
        Case(
            "a challenge that is never enough", says: "stale-challenge",
            "401 Unauthorized\r\n\(problem)\r\nSimpul-Challenge: again", #"{"code":"stale-challenge","detail":"again"}"#
        ),
    ]

    /// What a sync says that does not end well.
    private static func failure(of village: Node) async -> String? {
        do {
            try await LiveWorld.sync(village)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `advances nothing, whatever it answers, and the hub gets everything later`() async throws {
        let scene = try await SyncScene()
        var village = scene.village
        try await scene.checkGoesOn(village)
        let hub = scene.hub.own.node
        var saved: [AppendedLine] = []
        for one in Self.cases {
            saved.append(try village.recordExample())
            let log = try #require(saved.last).reference.log
            let impostor = try Listener { socket in
                _ = socket.answer()
                socket.send(one.answer)
                socket.finishSending()
                _ = socket.receiveAll(within: 5)
            }
            let (before, receipts) = (try village.store.peer(hub), try village.store.receipts(of: log))
            village = try Node.moved(village, to: impostor.url)
            let text = await Self.failure(of: village)
            #expect(text?.contains(one.says) == true, "\(one.testDescription): \(text ?? "no error")")
            let after = try village.store.peer(hub)
            #expect(after.mark == before.mark, "\(one.testDescription)")
            #expect(after.agreed == before.agreed, "\(one.testDescription)")
            #expect(after.lastAgreement == before.lastAgreement, "\(one.testDescription)")
            #expect(after.unanswered, "the next request asks first: \(one.testDescription)")
            #expect(after.failureReason == text, "\(one.testDescription)")
            #expect(try village.store.receipts(of: log) == receipts, "\(one.testDescription)")
        }

        let back = try Node.moved(village, to: scene.server.url)
        let report = try await LiveWorld.sync(back)
        #expect(report.agreed)
        #expect(report.tally.linesUp == saved.count)
        for line in saved {
            #expect(try scene.hub.store.line(line.reference.log, line.reference.sequence) == line.bytes)
        }
    }

    @Test func `or has one frame wrong is told apart, log by log: the others go on`() async throws {
        let scene = try await SyncScene()
        try await LiveWorld.sync(scene.hub)
        let answer = try await RawRequest(scene.other, to: scene.hub).send(to: scene.server)
        let frames = answer.lines
        try #require(frames.count >= 2 && answer.hasEnd)
        var body = try Frame.control(Array(answer.records.prefix(1))).encoded()
        for (index, frame) in frames.enumerated() {
            // The last one has lost its checkpoint on the way.
            let isWrong = index == frames.count - 1
            body += isWrong ? try Zstd.compress(frame.content.dropLast(40) + [0x0a]) : try Frame.lines(frame).encoded()
        }
        body += try Frame.control(Array(answer.records.dropFirst())).encoded()
        let whole = [UInt8]("HTTP/1.1 200 OK\r\n\(Self.sync)\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
        let impostor = try Listener { socket in
            while !socket.answer().isEmpty { socket.send(whole) }
        }
        let moved = try Node.moved(scene.other, to: impostor.url)
        let report = try await LiveWorld.sync(moved)
        #expect(!report.agreed)
        let wrong = try #require(frames.last).log
        #expect(report.refusals.map(\.code) == [.malformed])
        #expect(report.refusals.first?.log == wrong)
        #expect(try moved.store.refusals().map(\.log) == [wrong])
        for frame in frames.dropLast() {
            #expect(try moved.store.logs().contains { $0.log == frame.log && $0.size == frame.end })
        }
        let back = try Node.moved(moved, to: scene.server.url)
        try await scene.checkGoesOn(back)
        #expect(try back.store.refusals().isEmpty)
    }

    @Test func `is not believed when it gives receipts: only the hub's key counts`() async throws {
        let scene = try await SyncScene()
        let line = try scene.village.recordExample()
        // A hub of the same name with keys of its own, that takes the lines and signs for them.
        let forger = try await LiveWorld()
        let relay = try Relay(to: forger.hubServer.port)
        let moved = try Node.moved(scene.village, to: relay.url)
        await #expect(throws: NodeError.self) { try await LiveWorld.sync(moved) }
        #expect(try moved.store.receipts(of: line.reference.log).isEmpty)
        let back = try Node.moved(moved, to: scene.server.url)
        #expect(try await LiveWorld.sync(back).agreed)
        #expect(try back.store.receipts(of: line.reference.log).contains { $0.holder == scene.hub.own.node })
    }
}
