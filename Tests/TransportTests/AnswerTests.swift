import Testing
import Transport

@Suite struct `An answer` {
    /// Sends a request's body back: headers by its length, chunked if it came chunked.
    static func echo(_ connection: RawConnection) throws {
        while true {
            let head = try connection.readHead()
            var body: [UInt8] = []
            if let length = header("Content-Length", in: head).flatMap({ Int($0) }) {
                body = try connection.read(count: length)
            } else if header("Transfer-Encoding", in: head) == "chunked" {
                while let chunk = try connection.readChunk() { body += chunk }
            }
            try connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(body.count)\r\n\r\n")
            try connection.write(body)
        }
    }

    static func header(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n") where line.hasPrefix(name + ": ") {
            return String(line.dropFirst(name.count + 2))
        }
        return nil
    }

    @Test func `brings back the body that went up with its length`() async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let body = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let answer = try await HTTPWorker().run {
            try $0.collect(HTTPRequest(.post, address, body: .bytes(body)))
        }
        #expect(answer.body == body)
    }

    @Test func `brings back the body that went up in chunks`() async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let sizes = [1, 70_000, 0, 200_000, 3]
        let answer = try await HTTPWorker().run { client in
            var rest = sizes[...]
            let body = HTTPBody.stream {
                guard let size = rest.popFirst() else { return .end }
                return .chunk([UInt8](repeating: UInt8(truncatingIfNeeded: size), count: size))
            }
            return try client.collect(HTTPRequest(.post, address, body: body))
        }
        let expected = sizes.flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0) }
        #expect(answer.body == expected)
    }

    @Test func `to an empty post is read`() async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let answer = try await HTTPWorker().run { try $0.collect(HTTPRequest(.post, address)) }
        #expect(answer.head.status == 200)
        #expect(answer.body.isEmpty)
    }

    @Test(arguments: [false, true])
    func `is counted to the byte, as is its request`(isChunked: Bool) async throws {
        let seen = Journal<(received: Int, sent: Int)>()
        let server = try RawServer { connection in
            let head = try connection.readHead()
            if head.contains("chunked") {
                while try connection.readChunk() != nil {}
            } else {
                _ = try connection.read(count: 5_000)
            }
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for size in [10, 3_000, 0] { try connection.writeChunk([UInt8](repeating: 65, count: size)) }
            seen.note(connection.traffic)
        }
        let address = try server.address()
        let outcome = try await HTTPWorker().run { client in
            var pieces = [[UInt8](repeating: 66, count: 4_000), [UInt8](repeating: 67, count: 1_000)][...]
            let body = HTTPBody.stream(length: isChunked ? nil : 5_000) {
                pieces.popFirst().map { .chunk($0) } ?? .end
            }
            return try client.perform(HTTPRequest(.post, address, body: body))
        }
        let traffic = try #require(seen.entries.first)
        #expect(outcome.traffic.sent == Int64(traffic.received))
        #expect(outcome.traffic.received == Int64(traffic.sent))
    }

    @Test func `comes over the same connection as the one before`() async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let reused = try await HTTPWorker().run { client in
            try (0..<3).map { _ in try client.perform(HTTPRequest(.get, address)).reusedConnection }
        }
        #expect(reused == [false, true, true])
        #expect(server.connections == 1)
    }

    @Test func `comes even if the kept connection died meanwhile`() async throws {
        let server = try RawServer { connection in
            let head = try connection.readHead()
            _ = try connection.read(
                count: `An answer`.header("Content-Length", in: head).flatMap { Int($0) } ?? 0)
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            connection.reset()
        }
        let address = try server.address()
        let statuses = try await HTTPWorker().run { client in
            try (0..<3).map { _ in
                try client.perform(HTTPRequest(.post, address, body: .bytes([1, 2, 3]))).head.status
            }
        }
        #expect(statuses == [200, 200, 200])
        #expect(server.connections == 3)
    }

    @Test func `that is compressed stays compressed`() async throws {
        let gzip: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 4, 0, 0x43, 0xbe, 0xb7, 0xe8, 1, 0, 0, 0,
        ]
        let heads = Journal<String>()
        let server = try RawServer { connection in
            heads.note(try connection.readHead())
            try connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(gzip.count)\r\n\r\n")
            try connection.write(gzip)
        }
        let address = try server.address()
        let answer = try await HTTPWorker().run { try $0.get(address, expecting: nil) }
        #expect(answer.body == gzip)
        #expect(try !#require(heads.entries.first).contains("Accept-Encoding"))
    }

    @Test func `after interim answers is the final one`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            try connection.write("HTTP/1.1 200 OK\r\nSimpul-Challenge: abc\r\nContent-Length: 2\r\n\r\nok")
        }
        let address = try server.address()
        let answer = try await HTTPWorker().run { try $0.get(address, expecting: nil) }
        #expect(answer.head.status == 200)
        #expect(answer.head.headers["simpul-challenge"] == "abc")
        #expect(answer.head.headers["Link"] == nil)
        #expect(answer.body == Array("ok".utf8))
    }

    @Test func `has its trailers passed over`() async throws {
        let server = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try connection.writeChunk([65])
            try connection.write("0\r\nSimpul-Late: 1\r\n\r\n")
        }
        let address = try server.address()
        let answer = try await HTTPWorker().run { try $0.get(address, expecting: nil) }
        #expect(answer.body == [65])
        #expect(answer.head.headers["Simpul-Late"] == nil)
    }

    @Test func `is asked for with the caller's headers, and without waiting for 100 Continue`() async throws {
        let heads = Journal<String>()
        let server = try RawServer { connection in
            heads.note(try connection.readHead())
            _ = try connection.read(count: 2_000_000)
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        let address = try server.address("/sync/v1")
        try await HTTPWorker(HTTPSettings(userAgent: "simpul/test")).run { client in
            let headers: HTTPHeaders = ["Simpul-Version": "1", "Content-Type": "application/vnd.simpul.sync"]
            let body = [UInt8](repeating: 1, count: 2_000_000)
            _ = try client.perform(HTTPRequest(.post, address, headers: headers, body: .bytes(body)))
        }
        let head = try #require(heads.entries.first)
        #expect(head.hasPrefix("POST /sync/v1 HTTP/1.1\r\n"))
        #expect(`An answer`.header("Simpul-Version", in: head) == "1")
        #expect(`An answer`.header("Content-Type", in: head) == "application/vnd.simpul.sync")
        #expect(`An answer`.header("User-Agent", in: head) == "simpul/test")
        #expect(!head.contains("Expect:"))
        #expect(!head.contains("Cookie:"))
    }
}
