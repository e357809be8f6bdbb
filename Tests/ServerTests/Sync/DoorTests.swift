import Crypto
import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing

/// Who is turned away before anything is read or given, and what they are told (`protocol/07-errors-and-limits.md`).
@Suite(.serialized, .timeLimit(.minutes(5))) struct `At the door of a hub` {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let code: String
        let change: @Sendable (inout RawRequest, SyncScene) throws -> Void

        init(
            _ name: String, _ status: Int, _ code: String,
            _ change: @escaping @Sendable (inout RawRequest, SyncScene) throws -> Void
        ) {
            (testDescription, self.status, self.code, self.change) = (name, status, code, change)
        }
    }

    /// Made once: a request that is turned away leaves nothing, or the next case sees it.
    private static let scene = Task { try await SyncScene() }

    private static func now() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }

    static let names: [Case] = [
        Case("another version of the protocol", 400, "version") { request, _ in request.version = "2" },
        Case("a node that nobody enrolled", 403, "unknown-node") { request, _ in
            request.node = "asing-a/45a7c157a1beb977"
        },
        Case("another copy of an enrolled node", 403, "unknown-node") { request, _ in
            request.node = "lontar-a/45a7c157a1beb977"
        },
        Case("the hub itself", 403, "unknown-node") { request, scene in
            request.node = "\(scene.hub.own.node)/\(scene.hub.own.epoch)"
        },
        Case("the centre, which is above", 403, "unknown-node") { request, scene in
            request.node = "\(scene.world.centre.own.node)/\(scene.world.centre.own.epoch)"
        },
    ]

    static let challenges: [Case] = [
        Case("no challenge", 401, "stale-challenge") { request, _ in request.challenge = nil },
        Case("a challenge that is over", 401, "stale-challenge") { request, scene in
            request.challenge = Challenger(key: scene.hub.keys.sign).challenge(
                node: scene.village.own.node, now: now() - Challenger.lifetimeSeconds - 1)
        },
        Case("a challenge of another server", 401, "stale-challenge") { request, scene in
            request.challenge = Challenger(key: scene.world.centre.keys.sign).challenge(
                node: scene.village.own.node, now: now())
        },
        Case("a challenge for another node", 401, "stale-challenge") { request, scene in
            request.challenge = Challenger(key: scene.hub.keys.sign).challenge(
                node: scene.sibling.own.node, now: now())
        },
        Case("a challenge made up", 401, "stale-challenge") { request, _ in
            request.challenge = Data(repeating: 7, count: 32).base64EncodedString()
        },
    ]

    static let signatures: [Case] = [
        Case("a signature by another key", 403, "bad-signature") { request, _ in
            request.key = Curve25519.Signing.PrivateKey()
        },
        Case("a sibling's key", 403, "bad-signature") { request, scene in request.key = scene.sibling.keys.sign },
        Case("a request meant for another server", 403, "bad-signature") { request, scene in
            request.server = scene.world.centre.own.node
        },
        Case("a hello that was altered on the way", 403, "bad-signature") { request, _ in
            let altered = request.hello[0].setting("max", to: .int(1))
            request.garbled = try Frame.control([altered]).encoded()
        },
        Case("a hello in the name of a sibling", 403, "out-of-scope") { request, scene in
            request.say("node", .string(scene.sibling.own.node.description))
        },
        Case("a hello for a wider region", 403, "out-of-scope") { request, _ in
            request.say("region", .string("36.04"))
        },
        Case("a hello for another village", 403, "out-of-scope") { request, _ in
            request.say("region", .string("36.04.12.2003"))
        },
    ]

    static let frames: [Case] = [
        Case("a hello that lacks a member", 400, "bad-frame") { request, _ in
            request.hello[0] = request.hello[0].setting("table", to: nil)
        },
        Case("a first frame without a hello", 400, "bad-frame") { request, _ in
            request.hello = [.object([JSONMember("later", .int(1))])]
        },
        Case("no body", 400, "bad-frame") { request, _ in request.garbled = [] },
        Case("a page in place of a frame", 400, "bad-frame") { request, _ in
            request.garbled = Array("<!doctype html><title>Masuk</title>".utf8)
        },
        Case("a first frame cut short", 400, "bad-frame") { request, _ in
            request.garbled = try request.body.dropLast()
        },
        Case("a first frame that expands too far", 400, "bad-frame") { request, _ in
            request.garbled = try Zstd.compress([UInt8](repeating: 0x20, count: 3 << 20))
        },
        Case("more rows than allowed", 413, "too-large") { request, _ in
            let row = JSON.array([
                .string("lontar-a/36.04.13.2007:main/c2056f288da571c7"), .int(1),
                .string(Data(repeating: 0, count: 32).base64EncodedString()),
            ])
            request.say("rows", .array([JSON](repeating: row, count: 8_193)))
        },
    ]

    @Test(arguments: names + challenges + signatures + frames)
    func `is told why`(_ one: Case) async throws {
        let scene = try await Self.scene.value
        let before = try scene.held()
        var request = scene.request
        try one.change(&request, scene)
        let answer = try await request.send(to: scene.server)
        #expect(answer.status == one.status)
        #expect(answer.headers["content-type"] == "application/problem+json")
        let problem = try JSON.parse(answer.body, limits: .document)
        #expect(problem["code"]?.stringValue == one.code)
        #expect(problem["status"]?.intValue == Int64(one.status))
        #expect((problem["detail"]?.stringValue ?? "").count > 20, "a sentence for people")
        // Whatever the status: the next request can be signed with it.
        #expect(answer.headers["simpul-challenge"] != nil)
        #expect(try scene.held() == before)
    }

    @Test func `a name that is none gets no challenge`() async throws {
        let scene = try await Self.scene.value
        var request = scene.request
        (request.node, request.challenge) = ("LONTAR A", nil)
        let answer = try await request.send(to: scene.server)
        #expect(answer.status == 403)
        #expect(answer.code == "unknown-node")
        #expect(answer.headers["simpul-challenge"] == nil)
    }

    @Test func `the challenge of a refusal opens the door`() async throws {
        let scene = try await Self.scene.value
        var request = scene.request
        request.challenge = nil
        let refused = try await request.send(to: scene.server)
        request.challenge = refused.headers["simpul-challenge"]
        let answer = try await request.send(to: scene.server)
        #expect(answer.status == 200)
        #expect(answer.hasEnd)
    }

    @Test func `those turned away keep nobody out`() async throws {
        let scene = try await Self.scene.value
        try await scene.checkGoesOn(scene.village)
        try await scene.checkGoesOn(scene.other)
    }

    @Test func `a revoked laptop is told, keeps what it recorded, and its sibling goes on`() async throws {
        let scene = try await SyncScene()
        try await scene.checkGoesOn(scene.village)
        let saved = try scene.village.recordExample()
        try scene.hub.revoke(node: scene.village.own.node, epoch: scene.village.own.epoch, reason: "lost")

        let answer = try await scene.request.send(to: scene.server)
        #expect(answer.status == 403)
        #expect(answer.code == "revoked-node")
        #expect(answer.records.isEmpty)
        let error = await #expect(throws: NodeError.self) { try await LiveWorld.sync(scene.village) }
        #expect(error?.kind == .refused)
        #expect("\(try #require(error))".contains("revoked-node"))
        #expect(try scene.village.store.line(saved.reference.log, saved.reference.sequence) == saved.bytes)
        #expect(try scene.village.store.peer(scene.hub.own.node).failureReason?.contains("revoked-node") == true)
        try await scene.checkGoesOn(scene.sibling)
    }

    @Test func `a village at the wrong address is refused there, and loses nothing`() async throws {
        let scene = try await SyncScene()
        let saved = try scene.village.recordExample()
        let moved = try Node.moved(scene.village, to: scene.world.centreServer.url)
        let error = await #expect(throws: NodeError.self) { try await LiveWorld.sync(moved) }
        #expect(error?.kind == .refused)
        #expect(try scene.world.centre.store.logs().allSatisfy { $0.log != saved.reference.log })

        let back = try Node.moved(moved, to: scene.server.url)
        #expect(try await LiveWorld.sync(back).agreed)
        #expect(try scene.hub.store.line(saved.reference.log, saved.reference.sequence) == saved.bytes)
    }
}
