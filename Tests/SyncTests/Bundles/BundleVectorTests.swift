import Crypto
import Foundation
import Sync
import TestKit
import Testing
import TransparencyLog

/// `protocol/vectors/bundles.json`.
struct BundleVectors: Decodable {
    struct Case: Decodable, Sendable {
        var name: String
        var valid: Bool
        var error: String?
        var bundle: Data
        var frames: Int64?
        var digest: String?
    }

    var maker: String
    var key: Data
    var cases: [Case]
}

@Suite struct `Bundles of the specification` {
    @Test func `are taken, or refused for what is wrong with them`() throws {
        let vectors = try Repository.vectors("bundles", as: BundleVectors.self)
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: vectors.key)
        #expect(vectors.cases.count > 15)
        for vector in vectors.cases {
            let outcome = Self.outcome(vector, key)
            #expect(outcome == vector.error, "\(vector.name)")
        }
    }

    /// The code of the specification; nil for a good bundle.
    private static func outcome(_ vector: BundleVectors.Case, _ key: Curve25519.Signing.PublicKey) -> String? {
        do {
            let reader = try BundleReader()
            // A byte at a time: where pieces end has no meaning.
            for byte in vector.bundle { try reader.feed(CollectionOfOne(byte)) }
            let summary = try reader.finish()
            guard summary.isWhole else { return "cut" }
            guard summary.isSigned({ key.isValidSignature($0, for: $1) }) else { return "bad-signature" }
            guard summary.frames == vector.frames, Base64.encode(summary.digest) == vector.digest else {
                return "another digest"
            }
            return nil
        } catch BundleError.notABundle {
            return "not-a-bundle"
        } catch BundleError.altered {
            return "altered"
        } catch {
            return "\(error)"
        }
    }
}
