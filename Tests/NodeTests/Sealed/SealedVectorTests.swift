import Crypto
import Event
import Foundation
import TestKit
import Testing

@testable import Node

/// The published vectors of what is sealed and deposited.
@Suite struct SealedVectorTests {
    private struct Boxes: Decodable {
        struct Case: Decodable {
            var name: String
            var valid: Bool
            var line: String
            var members: [String: String]?
        }

        var `private`: Data
        var cases: [Case]
    }

    private struct Deposits: Decodable {
        struct Case: Decodable {
            var name: String
            var valid: Bool
            var box: Data
            var code: String?
        }

        var node: String
        var vault: String
        var generation: UInt32
        var holder: String
        var `private`: Data
        var cases: [Case]
    }

    @Test func `sealed boxes open as the published vectors say`() throws {
        let vectors = try Repository.vectors("sealed-box", as: Boxes.self)
        let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: vectors.private)
        for vector in vectors.cases {
            let line = try EventLine(parsing: Array(vector.line.utf8))
            guard let members = vector.members else {
                #expect(throws: NodeError.self, "\(vector.name)") { try SealedBox.open(line, key) }
                continue
            }
            let opened = try SealedBox.open(line, key)
            #expect(opened.objectValue?.count == members.count, "\(vector.name)")
            for (name, value) in members { #expect(opened[name]?.stringValue == value, "\(vector.name)") }
        }
    }

    @Test func `deposits open as the published vectors say`() throws {
        let vectors = try Repository.vectors("recovery-deposit", as: Deposits.self)
        let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: vectors.private)
        let info = RecoveryDeposit.info(
            node: vectors.node, vault: vectors.vault, generation: vectors.generation, holder: vectors.holder)
        for vector in vectors.cases {
            let opened = try? RecoveryDeposit.open(vector.box, key, info: info)
            #expect(opened?.text == vector.code, "\(vector.name)")
            #expect((opened != nil) == vector.valid, "\(vector.name)")
        }
    }

    @Test(arguments: [(1, 1_024), (1_024, 1_024), (1_025, 4_096), (16_385, 40_960), (40_960, 40_960)])
    func `texts are padded to the stated sizes`(length: Int, size: Int) throws {
        #expect(try SealedBox.padded([UInt8](repeating: 0x61, count: length)).count == size)
    }

    @Test func `what is too long to be sealed is refused`() {
        #expect(throws: NodeError.self) { try SealedBox.padded([UInt8](repeating: 0x61, count: 40_961)) }
    }

    @Test func `two passphrases open together, in their order, and neither alone`() throws {
        let cheap = Passphrase.Cost(rounds: 16, blockSize: 1, parallelism: 1)
        let (one, two) = (Passphrase("ladang padi di pagi hari"), Passphrase("perahu biru tanpa layar"))
        let file = try OfficeKeyFile(
            try OfficeKeyName(office: "satgas-banten", number: 1), under: [one, two], cost: cheap)
        #expect(try file.open([one, two]).publicKey.rawRepresentation == file.publicKey)
        for wrong in [[two, one], [one, one], [two, two], [one], [two], []] {
            #expect(throws: NodeError.self) { try file.open(wrong) }
        }
    }
}
