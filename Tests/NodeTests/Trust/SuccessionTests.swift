import Crypto
import Event
import Foundation
import Store
import TestKit
import Testing

@testable import Node

/// A copy opens an epoch of its own on the word of its old key.
@Suite struct SuccessionTests {
    private let centre: TestNode
    private let hub: TestNode
    private let village: TestNode

    init() throws {
        centre = try TestNode.centre()
        hub = try centre.child("hub-serang", region: "36.04", role: .hub)
        village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village)
    }

    private func request(by old: Curve25519.Signing.PrivateKey? = nil, server: String = "hub-serang") throws -> JSON {
        let (own, next) = (village.node.own, NodeKeys())
        let sign = next.sign.publicKey.rawRepresentation.base64EncodedString()
        let wrap = next.wrapPublic.rawRepresentation.base64EncodedString()
        let text = Data(
            Succession.text(
                server: try NodeName(server), node: own.node, old: own.epoch, new: next.epoch, sign: sign, wrap: wrap
            ).utf8)
        return .object([
            JSONMember("after", .string(own.epoch.description)), JSONMember("node", .string(own.node.description)),
            JSONMember("epoch", .string(next.epoch.description)), JSONMember("sign", .string(sign)),
            JSONMember("wrap", .string(wrap)),
            JSONMember("signature", .string(try next.sign.signature(for: text).base64EncodedString())),
            JSONMember(
                "approval",
                .string(try (old ?? village.node.keys.sign).signature(for: text).base64EncodedString())),
        ])
    }

    private func copies() throws -> [KnownEnrolment] {
        try hub.node.store.enrolments().filter { $0.enrolment.node == village.node.own.node }
    }

    @Test func theOldKeyVouchesForTheNewOneAndAnOperatorIsTold() throws {
        let request = try request()
        let answer = try hub.node.enrol(request)
        #expect(answer["node"]?["epoch"] == request["epoch"])
        #expect(try hub.node.enrol(request) == answer, "an answer may be lost")
        let all = try copies()
        #expect(all.count == 2 && Set(all.map(\.enrolment.region)).count == 1)
        #expect(try hub.node.store.alarms().contains { $0.kind == "new-epoch" })
        #expect(try hub.node.store.audit().isSound)
    }

    @Test func anotherKeyAnotherServerOrARevokedEpochOpensNone() throws {
        #expect(throws: NodeError.self) { try hub.node.enrol(request(by: Curve25519.Signing.PrivateKey())) }
        #expect(throws: NodeError.self) { try hub.node.enrol(request(server: "hub-tangerang")) }
        let tampered = try request().setting(
            "wrap", to: .string(NodeKeys().wrapPublic.rawRepresentation.base64EncodedString()))
        #expect(throws: NodeError.self) { try hub.node.enrol(tampered) }
        try hub.node.revoke(node: village.node.own.node, epoch: village.node.own.epoch, reason: "lost")
        #expect(throws: NodeError.self) { try hub.node.enrol(request()) }
        #expect(try copies().count == 1)
    }

    @Test func aStolenKeyOpensNoEpochsWithoutEnd() throws {
        for _ in 1..<64 { _ = try hub.node.enrol(try request()) }
        #expect(throws: NodeError.self) { try hub.node.enrol(request()) }
        #expect(try copies().count == 64)
    }

    private struct Vectors: Decodable {
        struct Case: Decodable {
            var name: String
            var error: String?
            var request: String
        }

        var server: String
        var key: Data
        var message: String
        var cases: [Case]
    }

    @Test func theSignedTextIsThatOfThePublishedVectors() throws {
        let vectors = try Repository.vectors("succession", as: Vectors.self)
        let good = try #require(vectors.cases.first { $0.error == nil })
        let request = try JSON.parse(Array(good.request.utf8), limits: .document)
        func text(_ name: String) throws -> String { try #require(request[name]?.stringValue) }
        let message = Succession.text(
            server: try NodeName(vectors.server), node: try NodeName(text("node")), old: try Epoch(text("after")),
            new: try Epoch(text("epoch")), sign: try text("sign"), wrap: try text("wrap"))
        #expect(message == vectors.message)
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: vectors.key)
        let approval = try #require(Data(base64Encoded: text("approval")))
        #expect(key.isValidSignature(approval, for: Data(message.utf8)))
    }
}
