import Crypto
import Event
import Foundation
import Node
import Store
import TestKit
import Testing

/// Who may not enrol, over a real socket (`protocol/04-session.md`).
@Suite(.serialized, .timeLimit(.minutes(5))) struct `Enrolling` {
    private static let scene = Task { try await SyncScene() }

    private static func post(_ body: [UInt8], to server: LiveServer) async throws -> RawAnswer {
        try await offPool {
            let socket = try Socket(port: server.port)
            socket.send(
                "POST /enrol/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.count)\r\n\r\n")
            socket.send(body)
            return RawAnswer(socket.receiveAll())
        }
    }

    /// A request as a new node makes it, told to the hub's invitation of `name`.
    private static func request(_ scene: SyncScene, _ name: String, token: String? = nil) throws -> JSON {
        let invitation = try scene.hub.invite(
            node: NodeName(name), region: RegionCode("36.04.13.2007"), role: .village, url: scene.server.url, pin: nil)
        let keys = NodeKeys()
        let (token, epoch) = (token ?? invitation.token, keys.epoch.description)
        let sign = keys.sign.publicKey.rawRepresentation.base64EncodedString()
        let wrap = keys.wrapPublic.rawRepresentation.base64EncodedString()
        let text = "simpul-enrol/v1\n\(token)\n\(name)/\(epoch)\n\(sign)\n\(wrap)"
        return .object([
            JSONMember("token", .string(token)), JSONMember("node", .string(name)),
            JSONMember("epoch", .string(epoch)), JSONMember("sign", .string(sign)), JSONMember("wrap", .string(wrap)),
            JSONMember("signature", .string(try keys.sign.signature(for: Data(text.utf8)).base64EncodedString())),
        ])
    }

    enum Fault: String, CaseIterable {
        case unknownToken, anotherName, anotherKey, noSignature, shortKey, badEpoch, notJSON, twice, empty, large
    }

    @Test(arguments: Fault.allCases)
    func `is refused with a reason, and nobody is enrolled`(_ fault: Fault) async throws {
        let scene = try await Self.scene.value
        let good = try Self.request(scene, "baru-a")
        let (before, enrolled) = (try scene.held(), try scene.hub.store.enrolments().count)
        let (body, status, code): ([UInt8], Int, String) =
            switch fault {
            case .unknownToken: (try Self.request(scene, "baru-a", token: "dGViYWthbg").encoded(), 403, "bad-token")
            case .anotherName: (good.setting("node", to: .string("lontar-a")).encoded(), 403, "bad-token")
            case .anotherKey:
                (good.setting("sign", to: try Self.request(scene, "baru-b")["sign"]).encoded(), 403, "bad-token")
            case .noSignature: (good.setting("signature", to: nil).encoded(), 400, "malformed")
            case .shortKey: (good.setting("wrap", to: .string("AAAA")).encoded(), 403, "bad-token")
            case .badEpoch: (good.setting("epoch", to: .string("EPOCH")).encoded(), 400, "malformed")
            case .notJSON: (Array("<html>".utf8), 400, "malformed")
            case .twice:
                (
                    Array((String(decoding: good.encoded(), as: UTF8.self).dropLast() + #","node":"x"}"#).utf8), 400,
                    "malformed"
                )
            case .empty: ([], 400, "malformed")
            case .large: ([UInt8](repeating: 0x20, count: 9_000), 413, "too-large")
            }
        let answer = try await Self.post(body, to: scene.server)
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(try scene.hub.store.enrolments().count == enrolled)
        #expect(try scene.held() == before)
    }

    @Test func `again with the same keys gets the same answer, and with others none`() async throws {
        let scene = try await Self.scene.value
        let request = try Self.request(scene, "baru-c")
        let first = try await Self.post(request.encoded(), to: scene.server)
        #expect(first.status == 200)
        #expect(first.headers["simpul-challenge"] != nil)
        let enrolled = try scene.hub.store.enrolments().count
        let again = try await Self.post(request.encoded(), to: scene.server)
        #expect(again.status == 200)
        #expect(again.body == first.body)
        let token = try #require(request["token"]?.stringValue)
        let other = try await Self.post(try Self.request(scene, "baru-c", token: token).encoded(), to: scene.server)
        #expect(other.status == 403)
        #expect(other.code == "bad-token")
        #expect(try scene.hub.store.enrolments().count == enrolled)
    }

    @Test func `a joining node is not taken in by a page, a redirect or another server`() async throws {
        let scene = try await Self.scene.value
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            "HTTP/1.1 302 Found\r\nLocation: \(scene.server.url)/enrol/v1\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        ] {
            let impostor = try Listener { socket in
                _ = socket.answer()
                socket.send(answer)
                socket.finishSending()
            }
            await #expect(throws: (any Error).self, "\(answer)") {
                try await scene.world.village("baru-d", url: impostor.url)
            }
            #expect(!FileManager.default.fileExists(atPath: scene.world.path("baru-d").configuration))
        }
        // The keys it made are kept: asking the right server later ends well.
        let node = try await scene.world.village("baru-d")
        try await scene.checkGoesOn(node)
    }
}
