import Foundation
import Synchronization
import Testing
import Transport

@Suite struct `A limit` {
    /// Sends one byte of an answer every tenth of a second, until the client has had enough.
    static func trickle(_ connection: RawConnection) throws {
        _ = try connection.readHead()
        try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        let never = DispatchSemaphore(value: 0)
        while true {
            try connection.write([65])
            _ = never.wait(timeout: .now() + .milliseconds(100))
        }
    }

    @Test func `on slowness ends an answer that trickles`() async throws {
        let server = try RawServer(`A limit`.trickle)
        let address = try server.address()
        let error = try await transportError { try $0.get(address, expecting: nil, limits: .hasty) }
        #expect(error.kind == .timedOut(.stalled(.milliseconds(300))))
        #expect(error.traffic.received > 0)
    }

    @Test func `on time ends an answer that never stops`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while true { try connection.write([UInt8](repeating: 65, count: 1_000)) }
        }
        let address = try server.address()
        let error = try await transportError { client in
            var limits = HTTPLimits.hasty
            limits.deadline = .milliseconds(300)
            limits.bodyBytes = .max
            return try client.perform(HTTPRequest(.get, address, limits: limits))
        }
        #expect(error.kind == .timedOut(.deadline(.milliseconds(300))))
    }

    @Test(arguments: ["Content-Length: 100001\r\n", "Connection: close\r\n"])
    func `on the answer's length holds, announced or not`(header: String) async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\n\(header)\r\n")
            try connection.write([UInt8](repeating: 65, count: 100_001))
        }
        let address = try server.address()
        let heard = Journal<Int>()
        let error = try await transportError { client in
            try client.perform(
                HTTPRequest(.get, address, limits: .hasty), onBytes: { heard.note($0.count) })
        }
        #expect(error.kind == .tooLarge(.bodyBytes(100_000)))
        #expect(heard.entries.reduce(0, +) <= 100_000)
        #expect(!error.isWorthRetrying)
    }

    @Test func `on the answer's length lets an answer of exactly that length pass`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            try connection.write([UInt8](repeating: 65, count: 100_000))
        }
        let address = try server.address()
        let answer = try await HTTPWorker().run { try $0.get(address, expecting: nil, limits: .hasty) }
        #expect(answer.body.count == 100_000)
    }

    @Test func `on the header's lines ends a flood of them`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\n")
            while true { try connection.write("X: y\r\n") }
        }
        let address = try server.address()
        let error = try await transportError { try $0.get(address, expecting: nil, limits: .hasty) }
        #expect(error.kind == .tooLarge(.headerLines(20)))
    }

    @Test func `on the header's bytes ends a long one, be it in interim answers`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            let value = String(repeating: "y", count: 1_000)
            while true { try connection.write("HTTP/1.1 103 Early Hints\r\nX: \(value)\r\n\r\n") }
        }
        let address = try server.address()
        let error = try await transportError { try $0.get(address, expecting: nil, limits: .hasty) }
        #expect(error.kind == .tooLarge(.headerBytes(4 << 10)))
    }

    @Test func `on a header line without end is libcurl's own`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nX: ")
            while true { try connection.write([UInt8](repeating: 65, count: 10_000)) }
        }
        let address = try server.address()
        let error = try await transportError { try $0.get(address, expecting: nil, limits: .hasty) }
        guard case .tooLarge(.headerBytes) = error.kind else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `on a refusal's length keeps its beginning`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 500 Oops\r\n\r\n")
            while true { try connection.write([UInt8](repeating: 65, count: 1_000)) }
        }
        let address = try server.address()
        let error = try await transportError { client in
            var limits = HTTPLimits.hasty
            limits.refusalBytes = 2_500
            return try client.get(address, limits: limits)
        }
        #expect(error.answer?.head.status == 500)
        #expect(error.answer?.body.count == 2_500)
    }
}
