import Crypto
import Event
import Foundation
import HTTPTypes
import Node
import Store
import TestKit
import Testing

@testable import Server

/// What strangers can take from nodes that sync, before a server knows that they are strangers.
@Suite(.timeLimit(.minutes(2))) struct SyncEntranceTests {
    /// An enrolled village of the server, which does nothing by itself.
    private static func village(_ name: String, _ server: DoorServer) throws -> TestNode {
        try server.node.child(name, region: "36.04.13.2007", role: .village, now: PageWorld.now)
    }

    /// A request in the name of a node, with a challenge that the server gave to whoever asked, signed by nobody, whose
    /// first frame never ends.
    private static func stall(_ server: DoorServer, as node: Node) async throws -> Socket {
        var asking = RawRequest(node, to: server.node.node.own.node, challenge: nil)
        asking.key = .init()
        let challenge = try await asking.send(port: server.port).headers["simpul-challenge"]
        var request = RawRequest(node, to: server.node.node.own.node, challenge: challenge)
        request.key = .init()
        return try await offPool { [request] in
            let socket = try Socket(port: server.port)
            socket.send(try request.head(length: nil))
            socket.send(Chunks.chunk(Array(try request.body.prefix(5))))
            return socket
        }
    }

    @Test func `whoever only knows a node's name, and is slow, takes neither its place nor those of others`()
        async throws
    {
        try await DoorServer.run(sessions: 1) { server in
            let (village, other) = (try Self.village("lontar-a", server), try Self.village("lontar-b", server))
            var slow: [Socket] = []
            for _ in 0..<DoorGuards.unprovenSyncs { slow.append(try await Self.stall(server, as: village.node)) }
            // All of them are inside once one more of their source is turned away.
            var turnedAway: RawAnswer
            repeat {
                turnedAway = try await RawRequest(other.node, to: server.node.node).send(port: server.port)
            } while turnedAway.status != 503
            #expect(turnedAway.code == "busy")
            #expect(turnedAway.headers["retry-after"] != nil)
            // From elsewhere, the one session that there is goes to whoever proves who it is; also under that name.
            for node in [village, other] {
                let answer = try await RawRequest(node.node, to: server.node.node).send(
                    port: server.port, from: "127.0.0.2")
                #expect(answer.status == 200)
                #expect(answer.hasEnd)
            }
            for socket in slow { socket.abort() }
        }
    }

    @Test func `a signature by another key is refused, whatever the session places`() async throws {
        try await DoorServer.run(sessions: 1) { server in
            let village = try Self.village("lontar-a", server)
            var forged = RawRequest(village.node, to: server.node.node)
            forged.key = .init()
            for _ in 0..<3 {
                let answer = try await forged.send(port: server.port)
                #expect(answer.status == 403)
                #expect(answer.code == "bad-signature")
            }
            #expect(try await RawRequest(village.node, to: server.node.node).send(port: server.port).status == 200)
        }
    }
}
