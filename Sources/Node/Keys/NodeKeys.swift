import Crypto
import Event
import Foundation
import Store

/// The secret keys of one copy of one disk.
public struct NodeKeys: Sendable {
    public let epoch: Epoch
    /// Signs lines, receipts and requests.
    public let sign: Curve25519.Signing.PrivateKey
    /// Opens person keys wrapped for this node.
    public let wrap: Curve25519.KeyAgreement.PrivateKey

    /// Fresh keys for a fresh epoch.
    public init() {
        epoch = Epoch.random()
        sign = Curve25519.Signing.PrivateKey()
        wrap = Curve25519.KeyAgreement.PrivateKey()
    }

    private struct File: Codable {
        var epoch: String
        var sign: String
        var wrap: String
    }

    public init(_ folder: NodeFolder) throws {
        guard let data = FileManager.default.contents(atPath: folder.nodeKey),
            let file = try? JSONDecoder().decode(File.self, from: data),
            let sign = Data(base64Encoded: file.sign), let wrap = Data(base64Encoded: file.wrap)
        else {
            throw NodeError(
                .damaged, "\(folder.nodeKey) is missing or cannot be read",
                advice: "the key is never part of a backup: enrol this laptop again with a new invitation")
        }
        epoch = try Epoch(file.epoch)
        self.sign = try Curve25519.Signing.PrivateKey(rawRepresentation: sign)
        self.wrap = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: wrap)
    }

    public func save(_ folder: NodeFolder) throws {
        let file = File(
            epoch: epoch.description, sign: sign.rawRepresentation.base64EncodedString(),
            wrap: wrap.rawRepresentation.base64EncodedString())
        try NodeFolder.write(try JSONEncoder().encode(file), to: folder.nodeKey)
    }

    public func enrolment(
        node: NodeName, region: RegionCode, edition: String, role: Enrolment.Role
    ) -> Enrolment {
        Enrolment(
            node: node, epoch: epoch, region: region, edition: edition, role: role,
            sign: sign.publicKey.rawRepresentation, wrap: wrap.publicKey.rawRepresentation)
    }
}
