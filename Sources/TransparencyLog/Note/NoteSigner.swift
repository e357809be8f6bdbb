import Crypto

/// Signs notes, and cosigns checkpoints, under one name with one Ed25519 key.
public struct NoteSigner: Sendable {
    public let name: String
    private let key: Curve25519.Signing.PrivateKey
    private let keyID: UInt32
    private let cosignatureID: UInt32

    public init(name: String, key: Curve25519.Signing.PrivateKey) throws(NoteError) {
        guard NoteKey.isName(name) else { throw NoteError(.badKeyName) }
        let publicKey = Array(key.publicKey.rawRepresentation)
        self.name = name
        self.key = key
        keyID = NoteKey.id(name: name, kind: .ed25519, publicKey: publicKey)
        cosignatureID = NoteKey.id(name: name, kind: .cosignature, publicKey: publicKey)
    }

    /// The key by which others verify: 32 bytes.
    public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// A signature of a note's text.
    /// - Parameter text: must end with a newline.
    /// - Throws: what the cryptography library throws; with a valid key it does not.
    public func sign(_ text: String) throws -> SignedNote.Signature {
        let signature = try key.signature(for: Array(text.utf8))
        return SignedNote.Signature(name: name, keyID: keyID, bytes: Array(signature))
    }

    /// A cosignature of a checkpoint's text (cosignature/v1).
    /// - Parameter time: seconds since 1970.
    /// - Throws: what the cryptography library throws; with a valid key it does not.
    public func cosign(_ text: String, time: UInt64) throws -> SignedNote.Signature {
        let signature = try key.signature(for: NoteKey.cosigned(text: text, time: time))
        let timeBytes = stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: time >> UInt64($0))
        }
        return SignedNote.Signature(name: name, keyID: cosignatureID, bytes: timeBytes + Array(signature))
    }

    /// A note with a signature of its text.
    public func note(_ text: String) throws -> SignedNote {
        SignedNote(text: text, signatures: [try sign(text)])
    }
}
