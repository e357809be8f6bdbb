import Testing
import Transport

@Suite struct `Without a connection` {
    @Test func `a port nobody listens on is told`() async throws {
        let port = try RawServer.deadPort()
        let address = try HTTPAddress("http://127.0.0.1:\(port)/sync/v1?token=geheim")
        let error = try await transportError { try $0.get(address) }
        #expect(error.kind == .refused(host: "127.0.0.1", port: Int(port)))
        #expect(error.isWorthRetrying)
        #expect("\(error)".contains("127.0.0.1:\(port)/sync/v1"))
        #expect(!"\(error)".contains("geheim"))
    }

    @Test func `a name that cannot be looked up is told`() async throws {
        // Longer than a label may be, so that no resolver needs to be asked.
        let host = String(repeating: "a", count: 64) + ".invalid"
        let address = try HTTPAddress("https://\(host)/")
        let error = try await transportError(HTTPSettings(proxy: .none)) { try $0.get(address) }
        #expect(error.kind == .resolveFailed(host: host))
        #expect(error.isWorthRetrying)
    }

    @Test func `plain http to another machine is refused before anything is sent`() async throws {
        let address = try HTTPAddress("http://hub.example/")
        let error = try await transportError { try $0.get(address) }
        #expect(error.kind == .plainRefused)
        #expect(!error.isWorthRetrying)
    }

    @Test func `plain http goes through a proxy when forced`() async throws {
        let heads = Journal<String>()
        let proxy = try RawServer { connection in
            heads.note(try connection.readHead())
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        let settings = HTTPSettings(allowsPlain: true, proxy: .address("http://127.0.0.1:\(proxy.port)"))
        let address = try HTTPAddress("http://hub.invalid/x")
        let answer = try await HTTPWorker(settings).run { try $0.get(address, expecting: nil) }
        #expect(answer.head.status == 200)
        #expect(try #require(heads.entries.first).hasPrefix("GET http://hub.invalid/x HTTP/1.1\r\n"))
    }

    @Test func `loopback never goes through a proxy`() async throws {
        let proxy = try RawServer { _ in }
        let server = try RawServer(`An answer`.echo)
        let settings = HTTPSettings(proxy: .address("http://127.0.0.1:\(proxy.port)"))
        let address = try server.address()
        let answer = try await HTTPWorker(settings).run { try $0.get(address, expecting: nil) }
        #expect(answer.head.status == 200)
        #expect(proxy.connections == 0)
    }

    @Test func `a proxy that refuses to connect is told apart from the server`() async throws {
        let proxy = try RawServer { connection in
            _ = try connection.readHead()
            try connection.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        }
        let settings = HTTPSettings(proxy: .address("http://127.0.0.1:\(proxy.port)"))
        let address = try HTTPAddress("https://hub.invalid/x")
        let error = try await transportError(settings) { try $0.get(address) }
        guard case .proxyFailed = error.kind else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: ["X-Note": "a\r\nX-Other: b", "Bad Name": "a", "": "a", "X": "a\u{0}b"])
    func `a header that would smuggle another one is refused`(name: String, value: String) async throws {
        let server = try RawServer(`An answer`.echo)
        let address = try server.address()
        let error = try await transportError {
            try $0.get(address, headers: HTTPHeaders([.init(name: name, value: value)]))
        }
        guard case .invalidRequest = error.kind else {
            Issue.record("\(error)")
            return
        }
        #expect(server.connections == 0)
    }
}
