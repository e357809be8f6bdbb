import Crypto
import Event
import Foundation
import Store

/// Keys that are the same in every run: made once, from numbers.
enum KeyPool {
    struct Keys: Sendable {
        let epoch: Epoch
        let sign: Curve25519.Signing.PrivateKey

        func enrolment(_ node: NodeName, _ region: RegionCode, _ role: Enrolment.Role) -> Enrolment {
            Enrolment(
                node: node, epoch: epoch, region: region, edition: "2025-2430", role: role,
                sign: sign.publicKey.rawRepresentation, wrap: sign.publicKey.rawRepresentation)
        }
    }

    static func keys(_ number: Int) throws -> Keys {
        let digest = Array(SHA256.hash(data: Data("simulated key \(number)".utf8)))
        let bits = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Keys(epoch: Epoch(bits: bits), sign: try Curve25519.Signing.PrivateKey(rawRepresentation: digest))
    }
}
