import Foundation
import Testing
import Transport

/// One at a time: programs started at once inherit each other's pipes, and wait for their ends.
@Suite(.serialized) struct `Over TLS` {
    @Test func `a server nobody here vouches for is refused`() async throws {
        let server = try TLSServer()
        let address = try server.address()
        let error = try await transportError { try $0.get(address) }
        #expect(error.kind == .tls(.unknownAuthority))
        #expect(!error.isWorthRetrying)
    }

    @Test func `a server whose certificate is in the file is trusted`() async throws {
        let server = try TLSServer()
        let address = try server.address()
        let settings = HTTPSettings(trust: .file(server.certificate))
        let answer = try await HTTPWorker(settings).run { try $0.get(address) }
        #expect(answer.body == Array("{}".utf8))
    }

    @Test func `the machine's own authorities do not count beside the file`() async throws {
        let server = try TLSServer()
        let other = try TLSServer()
        let address = try server.address()
        let error = try await transportError(HTTPSettings(trust: .file(other.certificate))) {
            try $0.get(address)
        }
        #expect(error.kind == .tls(.unknownAuthority))
    }

    @Test func `a certificate for another name is refused`() async throws {
        let server = try TLSServer(names: "DNS:hub.example")
        let address = try server.address()
        let error = try await transportError(HTTPSettings(trust: .file(server.certificate))) {
            try $0.get(address)
        }
        #expect(error.kind == .tls(.wrongHost("127.0.0.1")))
    }

    @Test func `a file of authorities that is not there is named`() async throws {
        let server = try TLSServer()
        let address = try server.address()
        let error = try await transportError(HTTPSettings(trust: .file("/nowhere/ca.pem"))) {
            try $0.get(address)
        }
        #expect(error.kind == .tls(.authorityFile("/nowhere/ca.pem")))
    }

    @Test func `the right pin is enough for a certificate of the wrong name, issuer and date`() async throws {
        let server = try TLSServer(
            names: "DNS:hub.example", from: "20200101000000Z", until: "20210101000000Z")
        let address = try server.address()
        let settings = HTTPSettings(trust: .pin(try server.pin()))
        let answer = try await HTTPWorker(settings).run { try $0.get(address) }
        #expect(answer.head.status == 200)
    }

    @Test(arguments: [false, true])
    func `a wrong pin is refused, whatever the file says`(withFile: Bool) async throws {
        let server = try TLSServer()
        let wrong = "sha256//" + Data(count: 32).base64EncodedString()
        let address = try server.address()
        let settings = HTTPSettings(
            trust: withFile ? .pinAndFile(pin: wrong, file: server.certificate) : .pin(wrong))
        let error = try await transportError(settings) { try $0.get(address) }
        #expect(error.kind == .tls(.wrongPin))
        #expect(!error.isWorthRetrying)
    }

    @Test func `a pin does not make up for an unknown authority when both are asked for`() async throws {
        let server = try TLSServer()
        let address = try server.address()
        let settings = HTTPSettings(trust: .pinAndFile(pin: try server.pin(), file: nil))
        let error = try await transportError(settings) { try $0.get(address) }
        #expect(error.kind == .tls(.unknownAuthority))
    }

    @Test(arguments: [
        "", "sha256//", "sha256//short=", "/etc/passwd", "sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ])
    func `what is no pin is refused at once`(pin: String) {
        #expect(throws: TransportError.self) { try HTTPClient(HTTPSettings(trust: .pin(pin))) }
    }

    @Test(arguments: [("20200101000000Z", "20210101000000Z"), ("20900101000000Z", "20910101000000Z")])
    func `a certificate out of its time points to this machine's clock`(from: String, until: String)
        async throws
    {
        let server = try TLSServer(from: from, until: until)
        let address = try server.address()
        let error = try await transportError(HTTPSettings(trust: .file(server.certificate))) {
            try $0.get(address)
        }
        switch error.kind {
        case .tls(.expired(let clock)) where from.hasPrefix("2020"),
            .tls(.notYetValid(let clock)) where from.hasPrefix("2090"):
            #expect(error.advice.contains("clock"))
            #expect(error.advice.contains(clock))
            #expect(try Date(clock, strategy: .iso8601).timeIntervalSinceNow.magnitude < 60)
        default: Issue.record("\(error)")
        }
        #expect(error.isWorthRetrying)
    }

    @Test func `a server that does not speak it is told`() async throws {
        let server = try RawServer { connection in
            _ = try connection.read(count: 1)
            try connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
        }
        let address = try HTTPAddress("https://127.0.0.1:\(server.port)/")
        let error = try await transportError { try $0.get(address) }
        guard case .tls(.other) = error.kind else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `a handshake that nobody answers is given up`() async throws {
        let server = try RawServer { connection in try connection.readToEnd() }
        let address = try HTTPAddress("https://127.0.0.1:\(server.port)/")
        let error = try await transportError { client in
            var limits = HTTPLimits.hasty
            limits.connect = .milliseconds(300)
            return try client.get(address, limits: limits)
        }
        #expect(error.kind == .timedOut(.connecting(.milliseconds(300))))
        #expect(error.retry == .same)
    }
}
