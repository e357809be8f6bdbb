import Crypto
import Foundation

/// A recovery key as people read it out and type it in: 128 random bits and a check, in 28 letters and digits that are
/// not mistaken for each other (Crockford's base 32), in groups of four.
public struct RecoveryCode: Sendable {
    static let keyBytes = 16
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let letters = 28
    private static let checkBits = 12

    let key: Data

    init() { key = Random.bytes(Self.keyBytes) }

    /// - Throws: when it has another length.
    init(key: Data) throws {
        guard key.count == Self.keyBytes else {
            throw NodeError(.damaged, "a recovery key of \(key.count) bytes", advice: "report this defect")
        }
        self.key = key
    }

    /// `7KQ2-…`: seven groups.
    public var text: String {
        let bits = key.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } } + Self.check(key)
        let letters = stride(from: 0, to: bits.count, by: 5).map { start in
            Self.alphabet[bits[start..<start + 5].reduce(0) { $0 << 1 | Int($1) }]
        }
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    /// - Parameter text: as typed: in any case, with O for 0 and I or L for 1, grouped in any way.
    public init(_ text: String) throws(NodeError) {
        let typed = text.uppercased().filter { $0.isLetter || $0.isNumber }.map { letter -> Character in
            switch letter {
            case "O": "0"
            case "I", "L": "1"
            default: letter
            }
        }
        let values = typed.compactMap { Self.alphabet.firstIndex(of: $0) }
        let bits = values.flatMap { value in (0..<5).map { UInt8(value >> (4 - $0) & 1) } }
        guard values.count == typed.count, values.count == Self.letters else {
            throw NodeError(
                .badInput, "a recovery code has \(Self.letters) letters and digits; this has \(typed.count)",
                advice: "type all seven groups")
        }
        let key = Data(
            stride(from: 0, to: Self.keyBytes * 8, by: 8).map { start in
                bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
            })
        guard Array(bits[(Self.keyBytes * 8)...]) == Self.check(key) else {
            throw NodeError(.badInput, "the recovery code has a mistake in it", advice: "compare it group by group")
        }
        self.key = key
    }

    private static func check(_ key: Data) -> [UInt8] {
        let digest = Array(SHA256.hash(data: Data("simpul-recovery\n".utf8) + key))
        return (0..<checkBits).map { digest[$0 / 8] >> (7 - $0 % 8) & 1 }
    }

    /// The key that wraps the master key.
    func wrappingKey(_ context: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Data(context.utf8), outputByteCount: 32)
    }
}

/// A recovery key wrapped for the hub: HPKE (RFC 9180) in base mode, as shares of person keys are
/// (`protocol/06-personal-data.md`, "Recovery").
enum RecoveryDeposit {
    static func seal(_ code: RecoveryCode, to wrap: Data, info: Data) throws -> Data {
        try SealedForKey.seal(code.key, to: wrap, info: info)
    }

    static func open(_ box: Data, _ key: Curve25519.KeyAgreement.PrivateKey, info: Data) throws -> RecoveryCode {
        try RecoveryCode(key: try SealedForKey.open(box, key, info: info))
    }

    /// - Parameters:
    ///   - node: whose vault it opens, `NODE/EPOCH`.
    ///   - holder: for whom it is wrapped, `NODE/EPOCH`.
    static func info(node: String, vault: String, generation: UInt32, holder: String) -> Data {
        Data("simpul-recovery/v1\n\(node)\n\(vault)/\(generation)\n\(holder)".utf8)
    }
}

/// One message for one public key: encapsulated key (32 bytes) ‖ ciphertext ‖ tag.
enum SealedForKey {
    private static let suite = HPKE.Ciphersuite(
        kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
    private static let encapsulatedBytes = 32

    static func seal(_ message: Data, to publicKey: Data, info: Data) throws -> Data {
        var sender = try HPKE.Sender(
            recipientKey: try Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey), ciphersuite: suite,
            info: info)
        let sealed = try sender.seal(message)
        return sender.encapsulatedKey + sealed
    }

    /// - Throws: when it is for another key or purpose, or was changed.
    static func open(_ box: Data, _ key: Curve25519.KeyAgreement.PrivateKey, info: Data) throws -> Data {
        var recipient = try HPKE.Recipient(
            privateKey: key, ciphersuite: suite, info: info, encapsulatedKey: Data(box.prefix(encapsulatedBytes)))
        return try recipient.open(Data(box.dropFirst(encapsulatedBytes)))
    }
}
