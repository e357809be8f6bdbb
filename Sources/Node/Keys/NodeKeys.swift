import Crypto
import Event
import Foundation
import Store

/// The keys of one copy of one disk.
public struct NodeKeys: Sendable {
    public let epoch: Epoch
    /// Signs lines, receipts and requests. It stands in plain: it opens no person's data, and the sync at night needs
    /// it with nobody at the keyboard.
    public let sign: Curve25519.Signing.PrivateKey
    /// For whom person keys are wrapped.
    public let wrapPublic: Curve25519.KeyAgreement.PublicKey
    /// What opens them, as it stands on the disk.
    private let wrapStored: Data

    static let wrapName = "node/wrap"

    /// Fresh keys for a fresh epoch, in plain.
    public init() {
        let wrap = Curve25519.KeyAgreement.PrivateKey()
        self.init(
            epoch: Epoch.random(), sign: Curve25519.Signing.PrivateKey(), wrapPublic: wrap.publicKey,
            wrapStored: wrap.rawRepresentation)
    }

    private init(
        epoch: Epoch, sign: Curve25519.Signing.PrivateKey, wrapPublic: Curve25519.KeyAgreement.PublicKey,
        wrapStored: Data
    ) {
        self.epoch = epoch
        self.sign = sign
        self.wrapPublic = wrapPublic
        self.wrapStored = wrapStored
    }

    private struct File: Codable {
        var epoch: String
        var sign: String
        var wrap: String
        /// Missing where an older program wrote `wrap` in plain.
        var wrapPublic: String?
    }

    public init(_ folder: NodeFolder) throws { try self.init(file: folder.nodeKey) }

    init(file path: String) throws {
        let file = try Self.file(path)
        guard let sign = Data(base64Encoded: file.sign), let wrap = Data(base64Encoded: file.wrap) else {
            throw Self.damaged(path)
        }
        epoch = try Epoch(file.epoch)
        self.sign = try Curve25519.Signing.PrivateKey(rawRepresentation: sign)
        wrapStored = wrap
        if let text = file.wrapPublic {
            guard let data = Data(base64Encoded: text) else { throw Self.damaged(path) }
            wrapPublic = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: data)
        } else {
            wrapPublic = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: wrap).publicKey
        }
    }

    /// Opens person keys wrapped for this node.
    ///
    /// - Throws: `NodeError` `.locked`.
    public func wrap(_ keeper: any SecretKeeper) throws -> Curve25519.KeyAgreement.PrivateKey {
        try Curve25519.KeyAgreement.PrivateKey(
            rawRepresentation: try keeper.open(wrapStored, name: Self.wrapName))
    }

    public func save(_ folder: NodeFolder) throws {
        try SecretFile.replace(folder.nodeKey, with: try JSONEncoder().encode(content(wrap: wrapStored)))
    }

    func save(to path: String) throws { try SecretFile.replace(path, with: encoded()) }

    func encoded() throws -> Data { try JSONEncoder().encode(content(wrap: wrapStored)) }

    /// Keys of a further epoch of the same copy: another signature, the same wrapping key, so that a locked node can
    /// open it too.
    func successor() -> NodeKeys {
        NodeKeys(
            epoch: Epoch.random(), sign: Curve25519.Signing.PrivateKey(), wrapPublic: wrapPublic,
            wrapStored: wrapStored)
    }

    private func content(wrap: Data) -> File {
        File(
            epoch: epoch.description, sign: sign.rawRepresentation.base64EncodedString(),
            wrap: wrap.base64EncodedString(), wrapPublic: wrapPublic.rawRepresentation.base64EncodedString())
    }

    /// Brings the unwrapping key under the newest master key.
    static func reseal(_ folder: NodeFolder, keeper: any SecretKeeper) throws {
        let keys = try NodeKeys(folder)
        let sealed = try keeper.seal(try keeper.open(keys.wrapStored, name: wrapName), name: wrapName)
        try SecretFile.replace(folder.nodeKey, with: try JSONEncoder().encode(keys.content(wrap: sealed)))
    }

    private static func file(_ path: String) throws -> File {
        guard let data = FileManager.default.contents(atPath: path),
            let file = try? JSONDecoder().decode(File.self, from: data)
        else { throw damaged(path) }
        return file
    }

    private static func damaged(_ path: String) -> NodeError {
        NodeError(
            .damaged, "\(path) is missing or cannot be read",
            advice: "the key is never part of a backup: enrol this laptop again with a new invitation")
    }

    public func enrolment(
        node: NodeName, region: RegionCode, edition: String, role: Enrolment.Role
    ) -> Enrolment {
        Enrolment(
            node: node, epoch: epoch, region: region, edition: edition, role: role,
            sign: sign.publicKey.rawRepresentation, wrap: wrapPublic.rawRepresentation)
    }
}
