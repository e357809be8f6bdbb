import Crypto

/// What the kinds of signatures in a note have in common.
enum NoteKey {
    /// The kinds of C2SP signed-note that Simpul writes, by their byte in the key ID.
    enum Kind: UInt8 {
        /// A plain signature of the note's text.
        case ed25519 = 0x01
        /// A cosignature of a checkpoint with the time it was made (C2SP tlog-cosignature, cosignature/v1).
        case cosignature = 0x04
    }

    /// Names must be told apart from what surrounds them in a note and in a written-out key.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar != "+" && scalar.value >= 0x20
            }
    }

    /// The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key).
    static func id(name: String, kind: Kind, publicKey: [UInt8]) -> UInt32 {
        let digest = SHA256.hash(data: Array(name.utf8) + [UInt8(ascii: "\n"), kind.rawValue] + publicKey)
        return digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    /// What a cosignature signs: a header line, the time, and the checkpoint's text.
    static func cosigned(text: String, time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}
