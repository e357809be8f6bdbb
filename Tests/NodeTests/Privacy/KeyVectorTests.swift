import Crypto
import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

@testable import Node
@testable import Store

/// `protocol/vectors`: shares that open and do not, orders of erasure that count and do not.
@Suite struct KeyVectorTests {
    private struct Shares: Decodable {
        struct Case: Decodable, CustomTestStringConvertible {
            let name: String
            let valid: Bool
            let box: String
            let personKey: String?

            enum CodingKeys: String, CodingKey {
                case name, valid, box
                case personKey = "person_key"
            }

            var testDescription: String { name }
        }
        let keyName: String
        let to: String
        let `private`: String
        let cases: [Case]

        enum CodingKeys: String, CodingKey {
            case to, cases
            case keyName = "key_name"
            case `private` = "private"
        }
    }

    private struct Erasures: Decodable {
        struct Case: Decodable, CustomTestStringConvertible {
            let name: String
            let role: String
            let region: String
            let line: String
            let erased: [String]
            var testDescription: String { name }
        }
        let keys: [String]
        let cases: [Case]
    }

    @Test func `each share of the vectors opens, or does not, as they say`() throws {
        let document = try Repository.vectors("key-share", as: Shares.self)
        let to = try #require(KeyShare.place(document.to))
        let privateKey = try Curve25519.KeyAgreement.PrivateKey(
            rawRepresentation: try #require(Data(base64Encoded: document.private)))
        for vector in document.cases {
            let box = try #require(Data(base64Encoded: vector.box))
            let folder = try TestFolder("vector")
            let own = Enrolment(
                node: to.node, epoch: to.epoch, region: try RegionCode("36.04"), edition: "2025-2430", role: .hub,
                sign: Data(repeating: 0, count: 32), wrap: privateKey.publicKey.rawRepresentation)
            let store = try LogStore(
                folder: folder.path,
                signer: Signer(node: to.node, epoch: to.epoch, key: Curve25519.Signing.PrivateKey()))
            let keyring = PersonKeyring(
                keys: try PersonKeyStore(path: folder.file("persons.db")), store: store, own: own,
                parent: nil, wrapKey: { privateKey })
            try store.save([
                KeyShare(
                    key: document.keyName, recipient: to.node, epoch: to.epoch,
                    region: try RegionCode("36.04.13.2007"), top: try RegionCode("36.04"), box: [UInt8](box),
                    author: to.node)
            ])
            try keyring.settle()
            let opened = try keyring.key(named: document.keyName)
            let expected = try vector.personKey.map { try #require(Data(base64Encoded: $0)) }
            #expect(opened.map { $0.withUnsafeBytes { Data($0) } } == expected, "\(vector.name)")
        }
    }

    @Test func `each order of the vectors erases the keys that they say`() throws {
        let document = try Repository.vectors("erasure", as: Erasures.self)
        for vector in document.cases {
            let role = try #require(Enrolment.Role(rawValue: vector.role))
            let line = try EventLine(parsing: Array(vector.line.utf8))
            let reference = try LineReference(
                log: line.source, sequence: line.sequence, leafHash: LogStore.leafHash(of: Array(vector.line.utf8)))
            let key = Data(count: 32)
            let author = Enrolment(
                node: line.source.node, epoch: line.source.epoch, region: try RegionCode(vector.region),
                edition: line.regionEdition, role: role, sign: key, wrap: key)
            let orders = ErasureOrder.all(in: line, reference: reference, by: author)
            let erased = document.keys.filter { text in
                KeyName(text).map { name in orders.contains { $0.covers(name) } } ?? false
            }
            #expect(erased == vector.erased, "\(vector.name)")
        }
    }
}
