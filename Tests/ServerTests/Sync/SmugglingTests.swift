import Event
import Foundation
import Node
import TestKit
import Testing

/// Requests whose length two readers could take for different ones: the server never answers what is hidden in one.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `An HTTP request` {
    private static let scene = Task { try await SyncScene() }
    private static let hidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// Statuses of all answers on one connection, `enough` at most, and whether the server closed it.
    private static func ask(_ text: String, enough: Int = .max) async throws -> (statuses: [String], isClosed: Bool) {
        let port = try await scene.value.server.port
        return try await offPool {
            let socket = try Socket(port: port)
            socket.send(text)
            var said: [UInt8] = []
            while let bytes = socket.receive(within: 5) {
                guard !bytes.isEmpty else { return (statuses(said), true) }
                said += bytes
                if statuses(said).count >= enough { break }
            }
            return (statuses(said), false)
        }
    }

    private static func statuses(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst().map {
            String($0.prefix(3))
        }
    }

    @Test func `is followed by another on the same connection when both are whole`() async throws {
        let answer = try await Self.ask(
            "POST /sync/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" + Self.hidden,
            enough: 2)
        #expect(answer.statuses == ["403", "404"])
    }

    @Test(arguments: [
        "Content-Length: 3\r\nContent-Length: 45",
        "Content-Length: 45\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 45",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding : chunked",
        "Content-Length : 3",
        "Content-Length: +3",
        "Content-Length: 0x3",
        "Content-Length: -3",
        "Content-Length: 3,45",
        "Content-Length: 99999999999999999999999",
        "X: a\rContent-Length: 3",
        "X: a\u{0}b",
        " Content-Length: 3",
    ])
    func `of unclear length is closed, and nothing in it is answered`(_ header: String) async throws {
        // In chunks, it would be over at once; by length, what is hidden would be its body, or not.
        let answer = try await Self.ask(
            "POST /sync/v1 HTTP/1.1\r\nHost: localhost\r\n\(header)\r\n\r\n0\r\n\r\n" + Self.hidden)
        #expect(!answer.statuses.contains("404"), "the hidden request was answered")
        #expect(answer.statuses.dropFirst().allSatisfy { $0 == "400" })
        #expect(answer.isClosed)
    }

    @Test(arguments: ["FFFFFFFFFFFFFFFFF", "-1", "0x3", "3 3", ""])
    func `with a chunk of unclear size is closed, and nothing after it is answered`(_ size: String) async throws {
        let answer = try await Self.ask(
            "POST /sync/v1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\nabc\r\n0\r\n\r\n"
                + Self.hidden)
        #expect(!answer.statuses.contains("404"))
        #expect(answer.statuses.dropFirst().allSatisfy { $0 == "400" })
        #expect(answer.isClosed)
    }

    enum Excess: CaseIterable { case length, sum, lines }

    @Test(arguments: Excess.allCases)
    func `with more header than allowed is closed`(_ excess: Excess) async throws {
        let long = String(repeating: "a", count: 2_000)
        let header =
            switch excess {
            case .length: "X: " + String(repeating: "a", count: 9_000)
            case .sum: (0..<12).map { "X-\($0): \(long)" }.joined(separator: "\r\n")
            case .lines: (0..<100).map { "X-\($0): a" }.joined(separator: "\r\n")
            }
        let answer = try await Self.ask("GET /hidden HTTP/1.1\r\nHost: localhost\r\n\(header)\r\n\r\n")
        #expect(!answer.statuses.contains("404"))
        #expect(answer.isClosed)
    }

    @Test func `of any such kind leaves the villages free to sync`() async throws {
        let scene = try await Self.scene.value
        try await scene.checkGoesOn(scene.village)
    }
}
