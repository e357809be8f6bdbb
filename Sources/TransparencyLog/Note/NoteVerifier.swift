import Crypto

/// Verifies the signatures of one key on notes.
public struct NoteVerifier: Sendable {
    public let name: String
    private let key: Curve25519.Signing.PublicKey
    private let keyID: UInt32
    private let cosignatureID: UInt32

    /// - Parameter publicKey: Ed25519, 32 bytes.
    public init(name: String, publicKey: some Collection<UInt8>) throws(NoteError) {
        guard NoteKey.isName(name) else { throw NoteError(.badKeyName) }
        let bytes = Array(publicKey)
        do {
            key = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        } catch {
            throw NoteError(.badKey)
        }
        self.name = name
        keyID = NoteKey.id(name: name, kind: .ed25519, publicKey: bytes)
        cosignatureID = NoteKey.id(name: name, kind: .cosignature, publicKey: bytes)
    }

    /// Whether the note bears a valid signature of this key. As in C2SP signed-note, one invalid signature under
    /// this name and key ID is enough to refuse.
    public func verify(_ note: SignedNote) -> Bool {
        let own = note.signatures.filter { $0.keyID == keyID && isOwn($0) }
        return !own.isEmpty
            && own.allSatisfy { key.isValidSignature($0.bytes, for: Array(note.text.utf8)) }
    }

    /// The latest time, in seconds since 1970, at which this key cosigned the note's checkpoint; nil where it did
    /// not, or where one of its cosignatures is invalid.
    public func verifyCosignature(_ note: SignedNote) -> UInt64? {
        var latest: UInt64?
        for signature in note.signatures where signature.keyID == cosignatureID && isOwn(signature) {
            guard signature.bytes.count == 8 + 64 else { return nil }
            let time = signature.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let message = NoteKey.cosigned(text: note.text, time: time)
            guard key.isValidSignature(signature.bytes.dropFirst(8), for: message) else { return nil }
            latest = max(latest ?? 0, time)
        }
        return latest
    }

    private func isOwn(_ signature: SignedNote.Signature) -> Bool {
        signature.name.utf8.elementsEqual(name.utf8)
    }
}
