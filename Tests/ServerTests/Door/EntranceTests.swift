import Foundation
import HTTPTypes
import Hummingbird
import Node
import TestKit
import Testing

@testable import Server

/// What a server takes and answers before it knows who asks, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct EntranceTests {
    private static func narrow(_ family: RequestFamily) -> RateLimit.Pace { .init(burst: 3, perSecond: 0.01) }

    @Test func `every answer keeps browsers from running, guessing, framing and keeping it`() async throws {
        try await DoorServer.run { server in
            for path in [
                "/", "/masuk", "/aset/style.css", "/aset/tidak-ada", "/q/v1/models", "/q/v1/tidak-ada", "/rusak",
            ] {
                let answer = try await server.send("GET \(path) HTTP/1.1")
                let policy = answer.headers["content-security-policy"] ?? ""
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "\(path)")
                #expect(!policy.contains("unsafe"), "\(path)")
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
                #expect(answer.headers["referrer-policy"] == "same-origin", "\(path)")
                #expect(answer.headers["cache-control"] != nil, "\(path)")
                #expect(answer.headers["server"] == nil, "\(path)")
                #expect(answer.headers["strict-transport-security"] == nil, "plain HTTP promises no TLS: \(path)")
            }
        }
    }

    @Test func `over TLS browsers are told to come back by TLS only`() {
        var response = Response(status: .ok)
        AnswerHeaders(isSecure: true).add(to: &response)
        #expect(response.headers[.strictTransportSecurity] == "max-age=31536000; includeSubDomains")
    }

    @Test func `what nobody foresaw is told without its inside`() async throws {
        try await DoorServer.run { server in
            let answer = try await server.send("GET /rusak HTTP/1.1")
            #expect(answer.status == 500)
            #expect(answer.code == "failed")
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("secrets"))
        }
    }

    @Test(arguments: [
        ("TRACE /masuk", "GET, POST"), ("PUT /q/v1/models", "GET"), ("OPTIONS /sync/v1", "POST"),
        ("GET /enrol/v1", "POST"),
        ("DELETE /orang", "GET, POST"), ("HEAD /q/v1/models", "GET"), ("HEAD /orang", "GET, POST"),
        ("POST /aset/style.css", "GET"),
    ])
    func `methods that an address does not have are refused with those that it has`(
        _ line: String, _ allowed: String
    ) async throws {
        try await DoorServer.run { server in
            let answer = try await server.send("\(line) HTTP/1.1", "Content-Length: 0")
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == allowed)
        }
    }

    @Test func `a request names its host, once`() async throws {
        try await DoorServer.run { server in
            let (none, two, one) = (
                try await server.send("GET /masuk HTTP/1.1", host: nil),
                try await server.send("GET /masuk HTTP/1.1", "Host: elsewhere"),
                try await server.send("GET /masuk HTTP/1.1")
            )
            #expect(none.status == 400)
            #expect(two.status == 400)
            #expect(one.status == 200)
        }
    }

    @Test func `addresses, headers and bodies beyond their limits are refused before they are read`() async throws {
        try await DoorServer.run { server in
            let long = try await server.send("GET /\(String(repeating: "a", count: 8_100)) HTTP/1.1")
            #expect(long.status == 414)
            let wide = try await server.send("GET / HTTP/1.1", "X-Wide: \(String(repeating: "a", count: 20_000))")
            #expect(wide.status == 400 || wide.status == 431 || wide.status == 0, "\(wide.status)")
            let many = try await server.send(
                "GET / HTTP/1.1", (0..<100).map { "X-\($0): 1" }.joined(separator: "\r\n"))
            #expect(many.status == 400 || many.status == 431 || many.status == 0, "\(many.status)")
            for (path, type) in [
                ("/enrol/v1", "application/json"), ("/masuk", "application/x-www-form-urlencoded"),
                ("/sync/v1", "application/vnd.simpul.sync"),
            ] {
                let large = try await server.send(
                    "POST \(path) HTTP/1.1", "Content-Type: \(type)", "Content-Length: 1000000000", body: "x",
                    within: 30)
                #expect(large.status == 413, "\(path)")
                #expect(large.code == "too-large", "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("/enrol/v1", "application/x-www-form-urlencoded"), ("/enrol/v1", "text/plain"), ("/masuk", "application/json"),
        ("/masuk", "multipart/form-data; boundary=x"), ("/sync/v1", "application/octet-stream"), ("/masuk", nil),
    ])
    func `a body that says to be something else is refused`(_ path: String, _ type: String?) async throws {
        try await DoorServer.run { server in
            let head = [
                "POST \(path) HTTP/1.1", "Content-Length: 2", type.map { "Content-Type: \($0)" } ?? "X-None: 1",
            ]
            let answer = try await server.send(head.joined(separator: "\r\n"), body: "{}")
            #expect(answer.status == 415)
        }
    }

    @Test func `names cannot be told by how wrong passwords are answered`() async throws {
        try await DoorServer.run { server in
            func answers(_ name: String) async throws -> [String] {
                var answers: [String] = []
                for number in 0..<5 {
                    let answer = try await server.ask(name, "kata sandi salah \(number)")
                    answers.append("\(answer.status) \(answer.headers["retry-after"] ?? "-") \(answer.code ?? "-")")
                }
                return answers
            }
            let known = try await answers("arif")
            let unknown = try await answers("nobody")
            #expect(known == unknown)
            #expect(known.last?.hasPrefix("429") == true)
        }
    }

    @Test func `a source that tries one password for many names has to wait, and the right one waits too`() async throws
    {
        try await DoorServer.run { server in
            for number in 0...WrongTries.free {
                #expect(try await server.ask("nobody-\(number)", "kata sandi salah").status == 401)
            }
            let waiting = try await server.ask("arif", DoorServer.password)
            #expect(waiting.status == 429)
            #expect(waiting.headers["retry-after"].flatMap(Int.init) ?? 0 > 0)
            let answer1 = try await server.send("GET /masuk HTTP/1.1")
            #expect(answer1.status == 200, "pages without a password go on")
        }
    }

    @Test func `invitations cannot be guessed quickly`() async throws {
        try await DoorServer.run { server in
            var statuses: [Int] = []
            for number in 0..<25 {
                let body = #"{"token":"guess-\#(number)","node":"x","epoch":"0","sign":"","wrap":"","signature":""}"#
                statuses.append(
                    try await server.send(
                        "POST /enrol/v1 HTTP/1.1", "Content-Type: application/json",
                        "Content-Length: \(body.utf8.count)",
                        body: body
                    ).status)
            }
            #expect(statuses.first == 403)
            #expect(statuses.last == 429)
        }
    }

    @Test func `a source that asks without end is slowed down, each kind of asking by itself`() async throws {
        try await DoorServer.run(pace: Self.narrow) { server in
            for _ in 0..<3 {
                let first = try await server.send("GET /q/v1/models HTTP/1.1")
                #expect(first.status == 401)
            }
            let slowed = try await server.send("GET /q/v1/models HTTP/1.1")
            #expect(slowed.status == 429)
            #expect(slowed.code == "busy")
            #expect(slowed.headers["retry-after"].flatMap(Int.init) ?? 0 > 50)
            let answer2 = try await server.send("GET /masuk HTTP/1.1")
            #expect(answer2.status == 200)
        }
    }

    @Test func `connections of one source are closed beyond its share, and places come free again`() async throws {
        try await DoorServer.run { server in
            try await offPool {
                var open: [Socket] = []
                for _ in 0..<300 { open.append(try Socket(port: server.port)) }
                let refused = open.filter { $0.receive(within: 0)?.isEmpty == true }.count
                // Accepting goes on beside this thread: at most what is over the share is closed by now.
                #expect(refused <= 300 - 256)
                let last = open[299]
                #expect(last.receive(within: 10)?.isEmpty == true, "the last of 300 is closed")
            }
            var status = 0
            let deadline = ContinuousClock.now + .seconds(10)
            // Freed when the server has seen the ends of those above.
            while status != 200, .now < deadline { status = try await server.send("GET /masuk HTTP/1.1").status }
            #expect(status == 200)
        }
    }

    @Test func `an account that is switched off is out at once, also where its login is remembered`() async throws {
        try await DoorServer.run { server in
            #expect(try await server.ask("arif", DoorServer.password).status == 200)
            try server.accounts.setDisabled(true, name: "arif")
            #expect(try await server.ask("arif", DoorServer.password).status == 401)
        }
    }

    @Test func `a login that is in use goes on while a stranger tries its name`() async throws {
        try await DoorServer.run { server in
            #expect(try await server.ask("arif", DoorServer.password).status == 200)
            for number in 0..<6 { _ = try await server.ask("arif", "kata sandi salah \(number)") }
            #expect(try await server.ask("arif", DoorServer.password).status == 200)
        }
    }
}
