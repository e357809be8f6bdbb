import Crypto
import Event
import Foundation

/// What a node signs to make a request its own (`protocol/04-session.md`).
///
/// It covers the server's name, so that a signature for one server is useless at another, and the server's
/// challenge, so that no clock has to be right.
public enum RequestSignature {
    public static func text(server: NodeName, node: NodeName, epoch: Epoch, challenge: String, first: [UInt8]) -> Data {
        let digest = Data(SHA256.hash(data: first)).base64EncodedString()
        return Data("simpul-sync/v1\n\(server)\n\(node)/\(epoch)\n\(challenge)\n\(digest)".utf8)
    }

    public static func sign(
        key: Curve25519.Signing.PrivateKey, server: NodeName, node: NodeName, epoch: Epoch, challenge: String,
        first: [UInt8]
    ) throws -> String {
        try key.signature(
            for: text(server: server, node: node, epoch: epoch, challenge: challenge, first: first)
        ).base64EncodedString()
    }

    public static func isValid(
        _ signature: String, publicKey: Data, server: NodeName, node: NodeName, epoch: Epoch, challenge: String,
        first: [UInt8]
    ) -> Bool {
        guard let bytes = Data(base64Encoded: signature),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(
            bytes, for: text(server: server, node: node, epoch: epoch, challenge: challenge, first: first))
    }
}

/// Challenges that a server can check without remembering them: random bytes, an expiry, and a MAC over both and
/// the node's name.
public struct Challenger: Sendable {
    /// How long a node may keep a challenge: a village that syncs weekly needs no second request.
    public static let lifetimeSeconds: UInt64 = 30 * 86_400

    private let secret: SymmetricKey

    /// - Parameter secret: derived from the node's signing key, so that a restart keeps challenges valid.
    public init(key: Curve25519.Signing.PrivateKey) {
        secret = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.rawRepresentation), info: Data("simpul-challenge/v1".utf8),
            outputByteCount: 32)
    }

    public func challenge(node: NodeName, now: UInt64) -> String {
        var body = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0.prefix(8)) }
        withUnsafeBytes(of: (now + Self.lifetimeSeconds).bigEndian) { body.append(contentsOf: $0) }
        return (body + mac(body, node)).base64EncodedString()
    }

    public func accepts(_ challenge: String, node: NodeName, now: UInt64) -> Bool {
        guard let data = Data(base64Encoded: challenge), data.count == 32 else { return false }
        let body = data.prefix(16)
        // Compared as digests: equal time whatever differs.
        guard SHA256.hash(data: data.suffix(16)) == SHA256.hash(data: mac(body, node)) else { return false }
        let expiry = body.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return now < expiry
    }

    private func mac(_ body: Data, _ node: NodeName) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: body + Data(node.description.utf8), using: secret)).prefix(16)
    }
}
