import Testing

@testable import Transport

@Suite struct `An address` {
    @Test(arguments: [
        ("https://hub.example", "https://hub.example/", 443, false),
        ("https://hub.example:8443/a?token=x#y", "https://hub.example:8443/a", 8443, false),
        ("http://localhost:80/", "http://localhost/", 80, true),
        ("http://127.1/", "http://127.0.0.1/", 80, true),
        ("http://0x7f000001:7/", "http://127.0.0.1:7/", 7, true),
        ("http://[::1]:8080/x", "http://[::1]:8080/x", 8080, true),
        ("http://127.0.0.1.example/", "http://127.0.0.1.example/", 80, false),
        ("http://localhost.example/", "http://localhost.example/", 80, false),
    ])
    func `is read`(text: String, description: String, port: Int, isLoopback: Bool) throws {
        let address = try HTTPAddress(text)
        #expect(address.description == description)
        #expect(address.port == port)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "hub.example", "ftp://hub.example/", "file:///etc/passwd", "https://", "https://a b/",
        "https://user:geheim@hub.example/", "https://geheim@hub.example/", "https://h/\r\nX: y",
        "https://h\0.example/",
        "https://user:geheim@h:99999/?q=geheim",
    ])
    func `is refused, and its secrets are not repeated`(text: String) {
        let error = #expect(throws: TransportError.self) { try HTTPAddress(text) }
        #expect(error.map { "\($0)".contains("geheim") } == false)
    }

    @Test func `of a path is found from the base`() throws {
        let base = try HTTPAddress("https://hub.example:8443/simpul/")
        #expect(try base.resolving("sync/v1").text == "https://hub.example:8443/simpul/sync/v1")
        #expect(try base.resolving("/sync/v1").text == "https://hub.example:8443/sync/v1")
    }
}

@Suite struct `A date of HTTP` {
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_800),
        ("Sat, 01 Mar 2098 00:00:00 GMT", 4_044_470_400),
    ])
    func `is read in each of its forms`(text: String, seconds: Int64) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test(arguments: [
        "", "tomorrow", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 WIB",
        "1994-11-06T08:49:37Z",
    ])
    func `is not guessed`(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}

@Suite struct `Retry-After` {
    @Test(arguments: [
        ("0", 0), ("120", 120), (" 120 ", 120), ("999999999999", 86_400), ("99999999999999999999999", 86_400),
        ("Thu, 01 Jan 1970 00:10:00 GMT", 500), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400),
    ])
    func `is seconds or a date, at most a day`(text: String, seconds: Int) {
        #expect(RetryAfter.parse(text, serverTime: 100) == .seconds(seconds))
    }

    @Test(arguments: ["", "-1", "1.5", "soon", "１２"])
    func `is not guessed`(text: String) {
        #expect(RetryAfter.parse(text, serverTime: 100) == nil)
    }

    @Test func `as a date means nothing without the server's clock`() {
        #expect(RetryAfter.parse("Thu, 01 Jan 1970 00:10:00 GMT", serverTime: nil) == nil)
    }
}

@Suite struct `A stall` {
    private let start = ContinuousClock.now

    private func stalls(_ steps: [(milliseconds: Int, total: Int64)]) -> [Bool] {
        var watch = StallWatch(span: .seconds(1), bytes: 10, now: start)
        return steps.map { watch.isStalled(total: $0.total, now: start + .milliseconds($0.milliseconds)) }
    }

    @Test func `is a whole span with too few bytes`() {
        #expect(stalls([(500, 0), (999, 9), (1_000, 9)]) == [false, false, true])
    }

    @Test func `is none when enough bytes came in time`() {
        #expect(stalls([(900, 10), (1_800, 20), (2_700, 30)]) == [false, false, false])
    }

    @Test func `is none when a slow callback held everything up and bytes came at last`() {
        #expect(stalls([(60_000, 10)]) == [false])
    }
}

@Suite struct `A header` {
    private func collect(_ lines: [String]) throws -> HTTPResponseHead? {
        var collector = HeaderCollector(limits: HTTPLimits())
        var head: HTTPResponseHead?
        for line in lines {
            let found = try Array((line + "\r\n").utf8).withUnsafeBytes { bytes in try collector.take(bytes) }
            head = head ?? found
        }
        return head
    }

    @Test func `is put together from its lines, folded ones too`() throws {
        let head = try collect(["HTTP/1.1 200", "A:  x ", "a: y", "B: one", "\t two", ""])
        #expect(head?.status == 200)
        #expect(head?.headers["A"] == "x")
        #expect(head?.headers.fields.count == 3)
        #expect(head?.headers["b"] == "one two")
    }

    @Test(arguments: [
        ["HTTP/1.1"], ["HTTP/1.1 2000 OK"], ["200 OK"], ["HTTP/1.1 200 OK", "no name"],
        ["HTTP/1.1 200 OK", ": x"],
    ])
    func `is refused if a line is none`(lines: [String]) {
        #expect(throws: TransportError.Kind.self) { try collect(lines) }
    }
}
