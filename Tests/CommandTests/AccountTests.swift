import Foundation
import TestKit
import Testing

@testable import simpul

@Suite struct `simpul account` {
    private static let password = "sawah hijau di kaki gunung"

    private func status(_ server: TestServer, _ password: String = password) async throws -> Int {
        let basic = Data("arif:\(password)".utf8).base64EncodedString()
        let port = server.port
        return try await offPool {
            let socket = try Socket(port: port)
            socket.send(
                "GET /q/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic \(basic)\r\n\r\n"
            )
            return RawAnswer(socket.receiveAll()).status
        }
    }

    @Test func `what the operator does to an account counts at once in the running server`() async throws {
        let server = try TestServer()
        let node = server.node
        let added = try node.run(
            "account", "add", "arif", "--role", "analyst", "--password-file", "-", input: Self.password + "\n")
        #expect(added.code == 0, "\(added.errors)")
        #expect(try await status(server) == 200)
        #expect(try node.run("account", "disable", "arif").lines == ["arif: off"])
        #expect(try await status(server) == 401)
        #expect(try node.run("account", "list").output.hasSuffix("  off\n"))
        #expect(try node.run("account", "enable", "arif").code == 0)
        #expect(try await status(server) == 200)
        let other = "perahu kecil menyeberang selat"
        #expect(try node.run("account", "password", "arif", "--password-file", "-", input: other + "\n").code == 0)
        #expect(try await status(server) == 401)
        #expect(try await status(server, other) == 200)
        #expect(try node.run("account", "sign-out", "--all").lines == ["arif: signed out"])
        #expect(try node.run("account", "remove", "arif").code == 0)
        #expect(try await status(server, other) == 401)
    }

    @Test(arguments: ["pendek", "password1234", "simpul-2026-arif"])
    func `a password that is short or easy to guess is refused, and nothing is saved`(_ password: String) throws {
        let node = try TestNode.centre()
        let refused = try node.run(
            "account", "add", "arif", "--role", "analyst", "--password-file", "-", input: password + "\n")
        #expect(refused.code == 65)
        #expect(try node.run("account", "list").output.isEmpty)
    }

    @Test(arguments: ["password", "sign-out", "disable", "enable", "remove"])
    func `somebody who has no account is named as such`(_ command: String) throws {
        let node = try TestNode.centre()
        var arguments = ["account", command, "nobody"]
        if command == "password" { arguments += ["--password-file", "-"] }
        let result = try Program.run(arguments, folder: node.folder, input: Self.password + "\n")
        #expect(result.code == 65)
        #expect(result.errors.contains("there is no account called nobody"))
    }

    @Test func `nothing from outside makes a line of the log, or steers the terminal`() {
        let text = "arif\n2026-01-01 info simpul: signed in\u{1b}[2J\u{202e}\r\0 baik — 良い"
        let clean = CleanLogHandler.clean(text)
        #expect(clean == #"arif\u{a}2026-01-01 info simpul: signed in\u{1b}[2J\u{202e}\u{d}\u{0} baik — 良い"#)
    }
}
