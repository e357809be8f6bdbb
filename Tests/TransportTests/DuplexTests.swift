import Testing
import Transport

@Suite struct `Both directions at once` {
    /// Answers each chunk the moment it has come.
    static func converse(_ connection: RawConnection) throws {
        _ = try connection.readHead()
        try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while let chunk = try connection.readChunk() { try connection.writeChunk(chunk) }
        try connection.writeChunk([])
    }

    @Test func `each chunk is sent only when the answer to the one before was read`() async throws {
        let server = try RawServer(`Both directions at once`.converse)
        let address = try server.address()
        let rounds = 20
        let story = try await HTTPWorker().run { client in
            var sent = 0
            var heard = 0
            var story: [String] = []
            let body = HTTPBody.stream {
                guard sent == heard else { return .wait }
                guard sent < rounds else { return .end }
                sent += 1
                story.append("up \(sent)")
                return .chunk([UInt8(sent)])
            }
            let listen = { (bytes: UnsafeRawBufferPointer) in
                for byte in bytes {
                    heard += 1
                    story.append("down \(byte)")
                }
            }
            try client.perform(HTTPRequest(.post, address, body: body), onBytes: listen)
            return story
        }
        #expect(story == (1...rounds).flatMap { ["up \($0)", "down \($0)"] })
    }

    @Test func `a large body and a large answer pass each other`() async throws {
        let server = try RawServer(`Both directions at once`.converse)
        let address = try server.address()
        let (up, down) = try await HTTPWorker().run { client in
            var up = 0
            var down = 0
            var early = false
            let body = HTTPBody.stream {
                guard up < 8 << 20 else { return .end }
                early = early || down > 0
                up += 64 << 10
                return .chunk([UInt8](repeating: 1, count: 64 << 10))
            }
            try client.perform(HTTPRequest(.post, address, body: body), onBytes: { down += $0.count })
            #expect(early)
            return (up, down)
        }
        #expect(up == down)
    }

    @Test func `a refusal ends an upload that waits for more to send`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            try connection.readToEnd()
        }
        let address = try server.address()
        let error = try await transportError { client in
            try client.perform(HTTPRequest(.post, address, body: .stream { .wait }, limits: .hasty))
        }
        #expect(error.answer?.head.status == 403)
    }

    @Test func `a refusal in the middle of an upload is heard`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            _ = try connection.read(count: 100_000)
            try connection.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nmuch")
            try connection.readToEnd()
        }
        let address = try server.address()
        let error = try await transportError { client in
            let body = HTTPBody.stream { .chunk([UInt8](repeating: 1, count: 10_000)) }
            return try client.perform(HTTPRequest(.post, address, body: body))
        }
        #expect(error.answer?.head.status == 413)
        #expect(error.answer?.body == Array("much".utf8))
        #expect(error.retry == .smaller)
    }
}
