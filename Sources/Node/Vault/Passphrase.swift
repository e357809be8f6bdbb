import Catalogue
import Crypto
import CryptoExtras
import Foundation

/// Words that only people know, made slow to guess (scrypt, RFC 7914).
public struct Passphrase: Sendable {
    /// 12 characters: four or five words.
    public static let shortest = 12
    public static let longest = 500

    private let bytes: Data

    /// - Parameter text: as typed. The same words typed on two keyboards can come in two Unicode forms.
    public init(_ text: String) { bytes = Data(text.precomposedStringWithCompatibilityMapping.utf8) }

    /// What is wrong with `text` as a new passphrase, or nil.
    public static func problem(with text: String) -> LocalizedText? {
        guard (shortest...longest).contains(text.unicodeScalars.count), Set(text.lowercased()).count >= 5 else {
            return LocalizedText(
                id: "Kata sandi simpul paling sedikit \(shortest) huruf, misalnya empat kata.",
                en: "A passphrase has at least \(shortest) characters, for instance four words.")
        }
        return nil
    }

    /// A new passphrase, refused when it is too easy to guess.
    public static func new(_ text: String) throws(NodeError) -> Passphrase {
        if let problem = problem(with: text) {
            throw NodeError(.badInput, problem.en, advice: "nothing was changed; choose longer words")
        }
        return Passphrase(text)
    }

    /// How much work one guess is. 2^17 rounds of 1 KiB take 128 MiB and about half a second
    /// (`docs/decisions/0012-keys-at-rest.md`).
    public struct Cost: Codable, Sendable, Hashable {
        public var rounds: Int
        public var blockSize: Int
        public var parallelism: Int

        public init(rounds: Int, blockSize: Int, parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        public static let usual = Cost(rounds: 1 << 17, blockSize: 8, parallelism: 1)

        /// A file must not be able to ask for all memory of the machine.
        var isBearable: Bool {
            (2...1 << 20).contains(rounds) && rounds & (rounds - 1) == 0 && (1...16).contains(blockSize)
                && (1...4).contains(parallelism)
        }
    }

    func key(salt: Data, cost: Cost) throws -> SymmetricKey {
        guard cost.isBearable else {
            throw NodeError(
                .damaged, "the key file asks for scrypt with \(cost.rounds) rounds", advice: "restore it from a copy")
        }
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
    }
}

/// A secret wrapped by a passphrase: scrypt, then AES-256-GCM.
public struct PassphraseBox: Codable, Sendable, Hashable {
    public private(set) var kdf = "scrypt"
    public let cost: Passphrase.Cost
    let salt: Data
    let box: Data

    init(_ secret: Data, under passphrase: Passphrase, cost: Passphrase.Cost, context: String) throws {
        self.cost = cost
        salt = Random.bytes(16)
        box = try Boxed.seal(secret, try passphrase.key(salt: salt, cost: cost), context: context)
    }

    /// Nil when the passphrase is another one.
    func open(_ passphrase: Passphrase, context: String) throws -> Data? {
        Boxed.open(box, try passphrase.key(salt: salt, cost: cost), context: context)
    }
}

enum Random {
    static func bytes(_ count: Int) -> Data {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Data($0) }
    }
}

/// AES-256-GCM with what it is for as additional data: nonce ‖ ciphertext ‖ tag.
enum Boxed {
    /// What a box is longer than its content.
    static let overhead = 28

    static func seal(_ secret: Data, _ key: SymmetricKey, context: String) throws -> Data {
        guard let box = try AES.GCM.seal(secret, using: key, authenticating: Data(context.utf8)).combined else {
            throw NodeError(.damaged, "AES-GCM gave no combined box", advice: "report this defect")
        }
        return box
    }

    /// Nil when it is not of this key or context, or was changed.
    static func open(_ box: Data, _ key: SymmetricKey, context: String) -> Data? {
        guard let sealed = try? AES.GCM.SealedBox(combined: box) else { return nil }
        return try? AES.GCM.open(sealed, using: key, authenticating: Data(context.utf8))
    }
}
