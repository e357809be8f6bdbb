import Testing
import Transport

@Suite struct `Stopping a request` {
    private struct Enough: Error, Equatable {}

    @Test func `from another thread ends it while nothing happens`() async throws {
        let cancellation = HTTPCancellation()
        let server = try RawServer { connection in
            _ = try connection.readHead()
            cancellation.cancel()
            try connection.readToEnd()
        }
        let address = try server.address()
        let error = try await transportError { client in
            client.cancellation = cancellation
            return try client.get(address)
        }
        #expect(error.kind == .cancelled)
        #expect(!error.isWorthRetrying)
    }

    @Test func `is final for that token`() async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let status = try await HTTPWorker().run { client in
            client.cancellation.cancel()
            #expect(throws: TransportError.self) { try client.get(address, expecting: nil) }
            client.cancellation = HTTPCancellation()
            return try client.get(address, expecting: nil).head.status
        }
        #expect(status == 200)
    }

    @Test func `by cancelling its task ends it with CancellationError`() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let server = try RawServer { connection in
            _ = try connection.readHead()
            arrived.continuation.yield()
            try connection.readToEnd()
        }
        let address = try server.address()
        let task = Task { try await HTTPWorker().run { try $0.get(address) } }
        for await _ in arrived.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `by an error in a callback hands that very error out, and the client goes on`() async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let answer = try await HTTPWorker().run { client in
            let request = HTTPRequest(.post, address, body: .bytes([1]))
            #expect(throws: Enough()) { try client.perform(request, onBytes: { _ in throw Enough() }) }
            #expect(throws: Enough()) {
                try client.perform(request, onResponse: { _ in throw Enough() })
            }
            let endless = HTTPRequest(.post, address, body: .stream { throw Enough() })
            #expect(throws: Enough()) { try client.perform(endless) }
            return try client.collect(request)
        }
        #expect(answer.body == [1])
    }

    @Test(arguments: [4, 6])
    func `a body that is not as long as announced stops itself`(length: Int) async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let error = try await transportError { client in
            var pieces = [[UInt8](repeating: 1, count: 5)]
            let body = HTTPBody.stream(length: Int64(length)) { pieces.popLast().map { .chunk($0) } ?? .end }
            return try client.perform(HTTPRequest(.post, address, body: body))
        }
        guard case .invalidRequest = error.kind else {
            Issue.record("\(error)")
            return
        }
    }
}
