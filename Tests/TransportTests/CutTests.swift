import Foundation
import Testing
import Transport

@Suite struct `A line that is cut` {
    @Test(arguments: [0, 1, 1_000, 200_000])
    func `on the way up is told with the bytes so far`(after count: Int) async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            _ = try connection.read(count: count)
            connection.reset()
        }
        let address = try server.address()
        let error = try await transportError { client in
            let body = HTTPBody.stream { .chunk([UInt8](repeating: 1, count: 10_000)) }
            return try client.perform(HTTPRequest(.post, address, body: body))
        }
        guard case .cut = error.kind else {
            Issue.record("\(error)")
            return
        }
        #expect(error.traffic.sent >= count)
        #expect(error.traffic.received == 0)
        #expect(error.retry == .smaller)
    }

    @Test(arguments: [(0, false), (1, false), (50_000, false), (50_000, true)])
    func `on the way down is told with the bytes so far`(after count: Int, isAbrupt: Bool) async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            try connection.write([UInt8](repeating: 65, count: count))
            if isAbrupt { connection.reset() }
        }
        let address = try server.address()
        let heard = Journal<Int>()
        let error = try await transportError { client in
            try client.perform(HTTPRequest(.get, address), onBytes: { heard.note($0.count) })
        }
        guard case .cut = error.kind else {
            Issue.record("\(error)")
            return
        }
        let total = heard.entries.reduce(0, +)
        #expect(isAbrupt ? total <= count : total == count)
        #expect(error.traffic.received >= total)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    ])
    func `in the middle of an answer is no answer`(beginning: String) async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write(beginning)
        }
        let address = try server.address()
        let error = try await transportError { try $0.get(address, expecting: nil) }
        guard case .cut = error.kind else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `half, so that nobody answers, is given up`() async throws {
        let server = try RawServer { connection in try connection.readToEnd() }
        let address = try server.address()
        let error = try await transportError { client in
            try client.perform(HTTPRequest(.post, address, body: .bytes([1]), limits: .hasty))
        }
        #expect(error.kind == .timedOut(.stalled(.milliseconds(300))))
        #expect(error.retry == .smaller)
    }

    @Test func `half, so that nobody reads, is given up`() async throws {
        let release = DispatchSemaphore(value: 0)
        let server = try RawServer { connection in
            _ = try connection.readHead()
            _ = release.wait(timeout: .now() + .seconds(10))
        }
        let address = try server.address()
        let error = try await transportError { client in
            let body = HTTPBody.stream { .chunk([UInt8](repeating: 1, count: 1 << 20)) }
            return try client.perform(HTTPRequest(.post, address, body: body, limits: .hasty))
        }
        release.signal()
        #expect(error.kind == .timedOut(.stalled(.milliseconds(300))))
    }
}
