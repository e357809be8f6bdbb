import Testing
import Transport

@Suite struct `What is no good answer` {
    static func answering(_ text: String) throws -> RawServer {
        try RawServer { connection in
            _ = try connection.readHead()
            try connection.write(text)
        }
    }

    static func page(_ status: String, _ headers: String, _ body: String = "") -> String {
        "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `a login page with status 200 is told from the server, and none of it is delivered`()
        async throws
    {
        let server = try `What is no good answer`.answering(
            `What is no good answer`.page(
                "200 OK", "Content-Type: text/HTML; charset=utf-8\r\n", "<html>Wi-Fi"))
        let address = try server.address()
        let heard = Journal<Int>()
        let error = try await transportError { client in
            let request = HTTPRequest(.post, address, expecting: "application/vnd.simpul.sync")
            return try client.perform(
                request, onResponse: { _ in heard.note(0) }, onBytes: { heard.note($0.count) })
        }
        #expect(
            error.kind
                == .unexpectedContent(mediaType: "text/html", expected: "application/vnd.simpul.sync"))
        #expect(heard.entries.isEmpty)
        #expect(error.advice.contains("Log in to the network"))
        #expect(error.isWorthRetrying)
    }

    @Test func `an answer without a type is not taken for the one expected`() async throws {
        let server = try `What is no good answer`.answering(`What is no good answer`.page("200 OK", "", "{}"))
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        guard case .unexpectedContent = error.kind else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is not followed, and named`(status: Int) async throws {
        let elsewhere = try RawServer { _ in }
        let location = "http://127.0.0.1:\(elsewhere.port)/login"
        let server = try `What is no good answer`.answering(
            `What is no good answer`.page("\(status) Elsewhere", "Location: \(location)\r\n"))
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        #expect(error.kind == .redirect(status: status, location: location))
        #expect("\(error)".contains(location))
        #expect(elsewhere.connections == 0)
    }

    @Test func `a server's text reaches no terminal with its control characters`() async throws {
        let server = try `What is no good answer`.answering(
            `What is no good answer`.page("302 Found", "Location: /\u{1b}[2J\u{202e}x\r\n"))
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        #expect("\(error)".utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f })
    }

    @Test func `too many requests says how long to wait`() async throws {
        let server = try `What is no good answer`.answering(
            `What is no good answer`.page("429 Too Many Requests", "Retry-After: 17\r\n"))
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        #expect(error.answer?.head.status == 429)
        #expect(error.retryAfter == .seconds(17))
        #expect(error.retry == .same)
        #expect(error.advice.contains("17 s"))
    }

    @Test func `a busy server's date is read by the server's clock`() async throws {
        let server = try `What is no good answer`.answering(
            `What is no good answer`.page(
                "503 Service Unavailable",
                "Date: Wed, 01 Jan 2098 00:00:00 GMT\r\nRetry-After: Wed, 01 Jan 2098 00:02:00 GMT\r\n"))
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        #expect(error.retryAfter == .seconds(120))
    }

    @Test func `a refusal carries its headers and its problem document`() async throws {
        let server = try `What is no good answer`.answering(
            `What is no good answer`.page(
                "401 Unauthorized", "Simpul-Challenge: fresh\r\nContent-Type: application/problem+json\r\n",
                #"{"code":"unknown-node"}"#))
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        let answer = try #require(error.answer)
        #expect(answer.head.headers["Simpul-Challenge"] == "fresh")
        #expect(answer.head.mediaType == "application/problem+json")
        #expect(answer.body == Array(#"{"code":"unknown-node"}"#.utf8))
        #expect(!error.isWorthRetrying)
    }

    @Test func `a refusal leaves the connection to the next request`() async throws {
        let server = try RawServer { connection in
            for answer in ["401 Unauthorized", "200 OK"] {
                _ = try connection.readHead()
                _ = try connection.read(count: 3)
                try connection.write(`What is no good answer`.page(answer, "", "body"))
            }
        }
        let address = try server.address()
        let status = try await HTTPWorker().run { client in
            let request = HTTPRequest(.post, address, body: .bytes([1, 2, 3]))
            #expect(throws: TransportError.self) { try client.perform(request) }
            return try client.perform(request).head.status
        }
        #expect(status == 200)
        #expect(server.connections == 1)
    }

    @Test(arguments: ["220 mail.example ESMTP\r\n", "SSH-2.0-OpenSSH_9\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
    func `what does not speak HTTP is said to`(greeting: String) async throws {
        let server = try `What is no good answer`.answering(greeting)
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        guard case .malformedAnswer = error.kind else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `an answer compressed for the transfer is refused`() async throws {
        let server = try `What is no good answer`.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")
        let address = try server.address()
        let error = try await transportError { try $0.get(address, expecting: nil) }
        guard case .malformedAnswer = error.kind else {
            Issue.record("\(error)")
            return
        }
    }
}
