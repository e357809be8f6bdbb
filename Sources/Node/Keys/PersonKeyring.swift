import Crypto
import Event
import Foundation
import Store
import Sync

/// The person keys a node holds: made, wrapped for those who may read, opened, found
/// (`protocol/06-personal-data.md`).
///
/// What must stay true: a key is durable here before any line is encrypted under it; a key is wrapped only for
/// nodes of the village that serves the person and for that village's hub.
public final class PersonKeyring: Sendable {
    private let keys: PersonKeyStore
    private let store: LogStore
    private let own: Enrolment
    private let wrapKey: @Sendable () throws -> Curve25519.KeyAgreement.PrivateKey

    /// - Parameter wrapKey: opens shares made for this node; asked for each time, as it may be locked.
    public init(
        keys: PersonKeyStore, store: LogStore, own: Enrolment,
        wrapKey: @escaping @Sendable () throws -> Curve25519.KeyAgreement.PrivateKey
    ) {
        self.keys = keys
        self.store = store
        self.own = own
        self.wrapKey = wrapKey
    }

    private static let suite = HPKE.Ciphersuite(
        kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
    /// Length of an encapsulated X25519 key.
    private static let encapsulatedBytes = 32

    /// The key to encrypt with for `holder`, made when there is none.
    ///
    /// - Parameter region: the village that serves the person.
    public func keyForWriting(of holder: String, region: RegionCode) throws -> (name: String, key: SymmetricKey) {
        if let held = try keys.newest(of: holder) { return (held.key, SymmetricKey(data: held.secret)) }
        let secret = SymmetricKey(size: .bits256)
        // Two nodes that have not met may each make a key for one person: by their numbers both stay apart.
        let name = "\(holder)/\(Int.random(in: 1...999_999))"
        try keys.save(key: name, region: region.description, secret: secret.withUnsafeBytes { Data($0) })
        try store.save(
            try shares(key: name, region: region, secret: secret, Circle(store: store, own: own)))
        return (name, secret)
    }

    /// The key of that name, or nil when this node may not read it.
    public func key(named name: String) throws -> SymmetricKey? {
        try keys.secret(name).map { SymmetricKey(data: $0) }
    }

    /// Other whenever keys came or went: what could not be opened can be tried again.
    func mark() throws -> PersonKeyStore.Mark { try keys.mark() }

    /// Opens shares that came for this node, and wraps held keys for nodes that were enrolled since.
    ///
    /// While the node is locked both wait; unlocking makes up for them.
    ///
    /// - Returns: how many keys were new here.
    @discardableResult
    public func settle() throws -> Int {
        guard !keys.isLocked else { return 0 }
        let wrapKey = try wrapKey()
        var opened = 0
        for share in try store.keyShares(recipient: own.node) where try keys.secret(share.key) == nil {
            guard let secret = try? open(share, wrapKey) else { continue }
            try keys.save(key: share.key, region: share.region.description, secret: secret)
            opened += 1
        }
        let existing = try store.keyShareNames()
        let circle = try Circle(store: store, own: own)
        var missing: [KeyShare] = []
        for held in try keys.all() {
            guard let region = try? RegionCode(held.region) else { continue }
            missing += try shares(
                key: held.key, region: region, secret: SymmetricKey(data: held.secret), circle, except: existing)
        }
        if !missing.isEmpty { try store.save(missing) }
        return opened
    }

    /// Wraps a key for each node that may read it.
    ///
    /// - Parameter existing: shares that need not be made again, as `KEY RECIPIENT`.
    private func shares(
        key: String, region: RegionCode, secret: SymmetricKey, _ circle: Circle, except existing: Set<String> = []
    ) throws -> [KeyShare] {
        guard let (top, readers) = circle.readers(of: region) else { return [] }
        return try readers.filter { !existing.contains("\(key) \($0.node)") }.map { reader in
            KeyShare(
                key: key, recipient: reader.node, region: region, top: top,
                box: try wrap(secret, key: key, for: reader),
                author: own.node)
        }
    }

    /// Who may read the keys of which village: its own nodes, and the nearest hub above it.
    private struct Circle {
        private let nodes: [Enrolment]
        private let own: NodeName

        init(store: LogStore, own: Enrolment) throws {
            nodes = try store.enrolments().filter { $0.revoked == nil }.map(\.enrolment)
            self.own = own.node
        }

        func readers(of region: RegionCode) -> (top: RegionCode, readers: [Enrolment])? {
            let hubs = nodes.filter { $0.role == .hub && region.isAtOrBelow($0.region) }
            guard let top = hubs.map(\.region).max(by: { $0.level < $1.level }) else { return nil }
            return (
                top, nodes.filter { $0.node != own && ($0.region == region || $0.role == .hub && $0.region == top) }
            )
        }
    }

    private func wrap(_ secret: SymmetricKey, key: String, for reader: Enrolment) throws -> [UInt8] {
        let publicKey = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: reader.wrap)
        var sender = try HPKE.Sender(
            recipientKey: publicKey, ciphersuite: Self.suite, info: Self.info(key: key, recipient: reader.node))
        let sealed = try sender.seal(secret.withUnsafeBytes { Data($0) })
        return [UInt8](sender.encapsulatedKey) + [UInt8](sealed)
    }

    private func open(_ share: KeyShare, _ wrapKey: Curve25519.KeyAgreement.PrivateKey) throws -> Data {
        var recipient = try HPKE.Recipient(
            privateKey: wrapKey, ciphersuite: Self.suite, info: Self.info(key: share.key, recipient: own.node),
            encapsulatedKey: Data(share.box.prefix(Self.encapsulatedBytes)))
        return try recipient.open(Data(share.box.dropFirst(Self.encapsulatedBytes)))
    }

    private static func info(key: String, recipient: NodeName) -> Data {
        Data("simpul-key/v1\n\(key)\n\(recipient)".utf8)
    }
}
