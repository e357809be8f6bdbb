import Crypto
import Testing

@testable import TransparencyLog

@Suite struct SignedNoteTests {
    /// The example in the documentation of Go's golang.org/x/mod/sumdb/note, where the format comes from.
    @Test func verifiesAPublishedNote() throws {
        let text = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            """
        let published =
            text + "\n\u{2014} PeterNeumann "
            + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        // PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW: name, key ID, kind ‖ public key.
        let key = try #require(Base64.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
        let verifier = try NoteVerifier(name: "PeterNeumann", publicKey: key.dropFirst())
        let note = try SignedNote(parsing: published)
        #expect(note.text == text)
        #expect(note.signatures.map(\.keyID) == [0xc74f_20a3])
        #expect(note.description == published)
        #expect(verifier.verify(note))
        let altered = try SignedNote(parsing: published.replacing("know", with: "knew"))
        #expect(!verifier.verify(altered))
    }

    @Test func signsAndVerifies() throws {
        let signer = try NoteSigner(name: "simpul/test", key: Curve25519.Signing.PrivateKey())
        let verifier = try NoteVerifier(name: "simpul/test", publicKey: signer.publicKey)
        let note = try signer.note("hello\n")
        #expect(verifier.verify(note))
        #expect(verifier.verify(try SignedNote(parsing: note.description)))
        #expect(verifier.verifyCosignature(note) == nil)
    }

    @Test func everyBitOfASignatureCounts() throws {
        let signer = try NoteSigner(name: "simpul/test", key: Curve25519.Signing.PrivateKey())
        let verifier = try NoteVerifier(name: "simpul/test", publicKey: signer.publicKey)
        let note = try signer.note("hello\n")
        for bit in 0..<512 {
            var wrong = note
            wrong.signatures[0].bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!verifier.verify(wrong))
        }
        var short = note
        short.signatures[0].bytes.removeLast()
        #expect(!verifier.verify(short))
    }

    @Test func anotherNameKeyOrTextDoesNotVerify() throws {
        let key = Curve25519.Signing.PrivateKey()
        let note = try NoteSigner(name: "simpul/test", key: key).note("hello\n")
        let publicKey = Array(key.publicKey.rawRepresentation)
        #expect(try !NoteVerifier(name: "simpul/other", publicKey: publicKey).verify(note))
        let other = Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
        #expect(try !NoteVerifier(name: "simpul/test", publicKey: other).verify(note))
        let altered = SignedNote(text: "hallo\n", signatures: note.signatures)
        #expect(try !NoteVerifier(name: "simpul/test", publicKey: publicKey).verify(altered))
    }

    @Test func signaturesOfOthersArePassedOver() throws {
        let key = Curve25519.Signing.PrivateKey()
        let signer = try NoteSigner(name: "simpul/test", key: key)
        let stranger = try NoteSigner(name: "simpul/stranger", key: Curve25519.Signing.PrivateKey())
        var note = try stranger.note("hello\n")
        let verifier = try NoteVerifier(name: "simpul/test", publicKey: signer.publicKey)
        #expect(!verifier.verify(note))
        note.signatures.append(try signer.sign(note.text))
        note.signatures.append(SignedNote.Signature(name: "simpul/test", keyID: 1, bytes: [0]))
        #expect(verifier.verify(note))
    }

    @Test func theTextMayHoldEmptyLines() throws {
        let signer = try NoteSigner(name: "simpul/test", key: Curve25519.Signing.PrivateKey())
        let note = try signer.note("a\n\n\nb\n")
        #expect(try SignedNote(parsing: note.description) == note)
    }

    @Test(arguments: [
        ("", NoteError.Reason.noSignatures),
        ("hello\n", .noSignatures),
        ("hello\n\n", .noSignatures),
        ("hello\n\n\u{2014} a AAAAAAA=", .noSignatures),
        ("hello\n\nno dash AAAAAAA=\n", .badSignatureLine),
        ("hello\n\n\u{2014} a\n", .badSignatureLine),
        ("hello\n\n\u{2014} a b AAAAAAA=\n", .badSignatureLine),
        ("hello\n\n\u{2014}  AAAAAAA=\n", .badSignatureLine),
        ("hello\n\n\u{2014} a+b AAAAAAA=\n", .badSignatureLine),
        ("hello\n\n\u{2014} a AAAAAAA\n", .badSignatureLine),
        ("hello\n\n\u{2014} a AAAA\n", .badSignatureLine),
        ("hello\n\n\u{2014} a AAAAAAA=\nmore\n", .badSignatureLine),
        ("hel\tlo\n\n\u{2014} a AAAAAAA=\n", .notText),
        ("hello\r\n\r\n\u{2014} a AAAAAAA=\r\n", .notText),
        ("hel\u{0}lo\n\n\u{2014} a AAAAAAA=\n", .notText),
    ])
    func refusesWhatIsNoNote(text: String, reason: NoteError.Reason) {
        #expect(throws: NoteError(reason)) { try SignedNote(parsing: text) }
    }

    @Test func aNoteIsBounded() {
        let line = "\u{2014} a AAAAAAA=\n"
        #expect(throws: Never.self) { try SignedNote(parsing: "x\n\n" + String(repeating: line, count: 16)) }
        #expect(throws: NoteError(.tooManySignatures)) {
            try SignedNote(parsing: "x\n\n" + String(repeating: line, count: 17))
        }
        #expect(throws: NoteError(.tooLong)) {
            try SignedNote(parsing: String(repeating: "x", count: 65_536) + "\n\n" + line)
        }
    }

    @Test(arguments: ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{0}"])
    func keyNamesAreOnePlainWord(name: String) {
        let key = Curve25519.Signing.PrivateKey()
        #expect(throws: NoteError(.badKeyName)) { try NoteSigner(name: name, key: key) }
        #expect(throws: NoteError(.badKeyName)) {
            try NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
        }
    }

    @Test func aPublicKeyHas32Bytes() {
        #expect(throws: NoteError(.badKey)) {
            try NoteVerifier(name: "a", publicKey: [UInt8](repeating: 1, count: 31))
        }
    }
}
