import Crypto
import Testing

@testable import TransparencyLog

@Suite struct CheckpointTests {
    private let origin = "simpul/lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4"
    private let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test func isThreeLines() throws {
        let text = "\(origin)\n20852163\n\(root)\n"
        let checkpoint = try Checkpoint(parsing: text)
        #expect(checkpoint.origin == origin)
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.base64 == root)
        #expect(checkpoint.text == text)
    }

    @Test(arguments: ["0", "1", "1099511627776"])
    func takesSizes(size: String) throws {
        #expect(try Checkpoint(parsing: "\(origin)\n\(size)\n\(root)\n").size == Int64(size))
    }

    @Test(arguments: [
        "", "01", "00", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1099511627777", "9223372036854775808",
        "99999999999999999999", "１",
    ])
    func refusesOtherSizes(size: String) {
        #expect(throws: NoteError(.badSize)) { try Checkpoint(parsing: "\(origin)\n\(size)\n\(root)\n") }
    }

    @Test func refusesOtherForms() {
        func expect(_ text: String, _ reason: NoteError.Reason) {
            #expect(throws: NoteError(reason)) { try Checkpoint(parsing: text) }
        }
        expect("", .badOrigin)
        expect("\n1\n\(root)\n", .badOrigin)
        expect(origin, .badSize)
        expect("\(origin)\n1", .badRoot)
        expect("\(origin)\n1\n\n", .badRoot)
        expect("\(origin)\n1\n\(root.dropLast())\n", .badRoot)
        expect("\(origin)\n1\nAAAA\n", .badRoot)
        expect("\(origin)\n1\n\(root)", .badEnd)
        expect("\(origin)\n1\n\(root)\n\n", .badEnd)
        expect("\(origin)\n1\n\(root)\nextension\n", .badEnd)
    }
}

@Suite struct CosignatureTests {
    private let checkpoint = Checkpoint(
        origin: "simpul/lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4", size: 7, root: .empty)
    private let key = Curve25519.Signing.PrivateKey()
    private let name = "simpul/hub-serang/0f3509419a40a306"

    private func cosigned(at time: UInt64) throws -> SignedNote {
        let signer = try NoteSigner(name: name, key: key)
        return SignedNote(text: checkpoint.text, signatures: [try signer.cosign(checkpoint.text, time: time)])
    }

    private func verifier() throws -> NoteVerifier {
        try NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    }

    @Test(arguments: [UInt64(0), 1_786_700_000, 1 << 40, .max])
    func carriesItsTime(time: UInt64) throws {
        let note = try SignedNote(parsing: cosigned(at: time).description)
        #expect(try verifier().verifyCosignature(note) == time)
        #expect(note.signatures[0].bytes.count == 72)
    }

    @Test func isNoPlainSignature() throws {
        #expect(try !verifier().verify(cosigned(at: 1)))
    }

    @Test func everyBitCountsTheTimeIncluded() throws {
        let note = try cosigned(at: 1_786_700_000)
        let verifier = try verifier()
        for bit in 0..<(72 * 8) {
            var wrong = note
            wrong.signatures[0].bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(verifier.verifyCosignature(wrong) == nil)
        }
    }

    @Test func doesNotHoldForAnotherCheckpoint() throws {
        var note = try cosigned(at: 1)
        note.text = Checkpoint(origin: checkpoint.origin, size: 8, root: .empty).text
        #expect(try verifier().verifyCosignature(note) == nil)
    }

    @Test func theLatestOfSeveralCounts() throws {
        var note = try cosigned(at: 5)
        note.signatures += try cosigned(at: 9).signatures + cosigned(at: 7).signatures
        #expect(try verifier().verifyCosignature(note) == 9)
    }

    @Test func aWrongLengthIsRefused() throws {
        var note = try cosigned(at: 5)
        note.signatures[0].bytes.removeLast(8)
        #expect(try verifier().verifyCosignature(note) == nil)
    }
}
