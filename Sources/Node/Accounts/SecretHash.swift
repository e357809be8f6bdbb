import Crypto
import CryptoExtras
import Foundation

/// A PIN or password as it is kept: salted and hashed slowly with scrypt (RFC 7914).
///
/// A PIN of eight digits can still be found by whoever holds the file and a few days of computing: it keeps apart the
/// people who share a laptop, it does not protect the disk.
struct SecretHash: Codable, Sendable, Hashable {
    /// How much work one guess is: 2^15 rounds of 1 KiB blocks take about 32 MiB and 0.1 s.
    struct Cost: Codable, Sendable, Hashable {
        var rounds: Int
        var blockSize: Int
        var parallelism: Int

        static let usual = Cost(rounds: 1 << 15, blockSize: 8, parallelism: 1)
    }

    private static let saltBytes = 16
    private static let hashBytes = 32

    let cost: Cost
    let salt: Data
    let hash: Data

    init(_ secret: String, cost: Cost = .usual) throws {
        var random = SystemRandomNumberGenerator()
        salt = Data((0..<Self.saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        self.cost = cost
        hash = try Self.derive(secret, salt: salt, cost: cost)
    }

    /// Compares in constant time.
    func matches(_ secret: String) throws -> Bool {
        let derived = try Self.derive(secret, salt: salt, cost: cost)
        guard derived.count == hash.count else { return false }
        return zip(derived, hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ secret: String, salt: Data, cost: Cost) throws -> Data {
        // The same password typed on two keyboards can come in two Unicode forms.
        let bytes = Data(secret.precomposedStringWithCompatibilityMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: hashBytes, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        return key.withUnsafeBytes { Data($0) }
    }
}
