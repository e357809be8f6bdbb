import Crypto
import Event
import Foundation
import Store
import Sync

/// The person keys a node holds: made, wrapped for those who may read, opened, found, replaced, destroyed
/// (`protocol/06-personal-data.md`).
///
/// What must stay true: a key is durable here before any line is encrypted under it; a key is wrapped only for
/// nodes of the village that serves the person and for that village's hub; a key that was erased is never used, kept or
/// wrapped again.
public final class PersonKeyring: Sendable {
    let keys: PersonKeyStore
    let store: LogStore
    let own: Enrolment
    let parent: Enrolment?
    private let wrapKey: @Sendable () throws -> Curve25519.KeyAgreement.PrivateKey
    private let now: @Sendable () -> Date

    /// - Parameter wrapKey: opens shares made for this node; asked for each time, as it may be locked.
    public init(
        keys: PersonKeyStore, store: LogStore, own: Enrolment, parent: Enrolment?,
        wrapKey: @escaping @Sendable () throws -> Curve25519.KeyAgreement.PrivateKey,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.keys = keys
        self.store = store
        self.own = own
        self.parent = parent
        self.wrapKey = wrapKey
        self.now = now
    }

    private static let suite = HPKE.Ciphersuite(
        kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
    /// Length of an encapsulated X25519 key.
    private static let encapsulatedBytes = 32
    private static let secretBytes = 32
    /// Two nodes that have not met may each make a key for one holder: by random numbers below this both stay apart.
    /// An order that destroys a household's keys ends at a multiple of it, so that keys made later lie beyond.
    static let generation: Int64 = 1_000_000
    private static let rotationStep: Int64 = 1_000

    func close() throws { try keys.close() }

    // MARK: - Reading and writing

    /// The key to encrypt with for `holder`, made when there is none.
    ///
    /// - Parameter region: the village that serves the person.
    /// - Throws: `NodeError` when the holder's data were erased.
    public func keyForWriting(of holder: String, region: RegionCode) throws -> (name: String, key: SymmetricKey) {
        if let held = try keys.newest(of: holder) {
            if try !isErased(held.key) { return (held.key, SymmetricKey(data: held.secret)) }
            // The order came through another process, and its keys still lie here.
            try obey()
        }
        return try makeKey(of: holder, region: region) { newest in newest == nil ? 0 : nil }
    }

    /// Replaces a holder's key: what is written from now on is under a new one, what was written stays readable.
    ///
    /// - Throws: `NodeError` when this node holds no key of the holder, or they were erased.
    public func rotate(_ holder: String) throws -> KeyName {
        guard let newest = try keys.names(of: holder).last else { throw notHeld(holder) }
        return try replace(holder, region: try RegionCode(newest.region))
    }

    func replace(_ holder: String, region: RegionCode) throws -> KeyName {
        let made = try makeKey(of: holder, region: region) { newest in newest.map { KeyName($0.key)?.number ?? 0 } }
        guard let name = KeyName(made.name) else {
            throw NodeError(
                .damaged, "the key \(made.name) has no name of the right form", advice: "report this defect")
        }
        return name
    }

    /// - Parameter above: given the newest key, the number that the new one must exceed; nil keeps the newest.
    private func makeKey(
        of holder: String, region: RegionCode, above: (PersonKeyStore.Held?) -> Int64?
    ) throws -> (name: String, key: SymmetricKey) {
        // Nor one that was given up when she moved away: a new key must not bear the name of one that is refused.
        let floor = try max(
            keys.erasedThrough(holder) ?? 0, store.givenUpThrough(holder, by: own.node, own.epoch) ?? 0)
        // Looked at in the logs too: the order may have come a moment ago, through another process.
        let isGone = try store.erasure(of: KeyName(holder: holder, number: .max)) != nil
        guard !isGone, floor < .max else { throw erased(holder) }
        let held = try keys.newest(of: holder, region: region.description, since: moment) { newest in
            guard let last = above(newest) else { return nil }
            let step = last == 0 ? Self.generation : Self.rotationStep
            let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
            let number = max(last, floor) + Int64.random(in: 1..<step)
            return (KeyName(holder: holder, number: number), secret)
        }
        guard let held else { throw erased(holder) }
        let key = SymmetricKey(data: held.secret)
        try store.save(
            try shares(
                key: held.key, region: try RegionCode(held.region), secret: key,
                Circle(store: store, own: own, parent: parent)))
        return (held.key, key)
    }

    /// A key as this node stands to it.
    public enum Standing: Sendable {
        case held(SymmetricKey)
        /// Not here (yet): a sibling's key travels with the next sync; above the hub none ever comes.
        case missing
        /// An order of erasure destroyed it.
        case erased
    }

    /// Asked for each reading, so that an order is obeyed from the moment it is stored, whichever process stored it.
    public func standing(of name: String) throws -> Standing {
        if try isErased(name) { return .erased }
        return try keys.secret(name).map { .held(SymmetricKey(data: $0)) } ?? .missing
    }

    /// The key of that name, or nil when this node may not read it.
    public func key(named name: String) throws -> SymmetricKey? {
        guard case .held(let key) = try standing(of: name) else { return nil }
        return key
    }

    /// Other whenever keys came or went: what could not be opened can be tried again.
    func mark() throws -> PersonKeyStore.Mark { try keys.mark() }

    func isErased(_ key: String) throws -> Bool {
        guard let name = KeyName(key) else { return false }
        if try store.erasure(of: name) != nil { return true }
        // The logs may be an older copy than the keys.
        return try keys.erasedThrough(name.holder).map { name.number <= $0 } ?? false
    }

    private func erased(_ holder: String) -> NodeError {
        NodeError(
            .badInput, "the data of \(holder) were erased: nothing that identifies can be recorded under this name",
            advice: "leave out what identifies, or register the person anew, with her consent")
    }

    func notHeld(_ holder: String) -> NodeError {
        NodeError(
            .badInput, "this node holds no key of \(holder)",
            advice: "`simpul keys list` shows those it holds; keys come with a sync")
    }

    private var moment: String { DateTime(milliseconds: Int64(now().timeIntervalSince1970) * 1_000).description }

    // MARK: - Settling

    /// Obeys orders of erasure, opens shares that came for this node, and wraps held keys for nodes enrolled since.
    ///
    /// While the node is locked opening and wrapping wait, and unlocking makes up for them; orders are obeyed all the same.
    ///
    /// - Returns: how many keys were new here.
    @discardableResult
    public func settle() throws -> Int {
        // Destroying needs no secret.
        try obey()
        guard !keys.isLocked else { return 0 }
        let wrapKey = try wrapKey()
        var opened = 0
        for share in try store.keyShares(recipient: own.node, epoch: own.epoch) where try !keys.holds(share.key) {
            // One that does not open is not for this key: whoever made it will be seen to have made nothing.
            guard let secret = try? open(share, wrapKey) else { continue }
            let kept = try keys.save(
                key: share.key, region: share.region.description, secret: secret, since: moment)
            if kept != nil { opened += 1 }
        }
        let existing = try store.keyShareNames()
        let circle = try Circle(store: store, own: own, parent: parent)
        var missing: [KeyShare] = []
        for held in try keys.readable() {
            guard let region = try? RegionCode(held.region) else { continue }
            missing += try shares(
                key: held.key, region: region, secret: SymmetricKey(data: held.secret), circle, except: existing)
        }
        if !missing.isEmpty { try store.save(missing) }
        return opened
    }

    /// Destroys what orders of erasure cover: keys here, shares in the logs' file. The orders are known from the logs and
    /// from the store of keys; either may be an older copy that was put back, and each learns from the other.
    public func obey() throws {
        let gone = try store.givenUp(try keys.names().map(\.key), by: own.node, own.epoch)
        if !gone.isEmpty { try keys.drop(gone) }
        let inLogs = try store.erasureOrders()
        let inKeys = try keys.obeyed().map(\.order)
        guard !inLogs.isEmpty || !inKeys.isEmpty else { return }
        let known = Set(inLogs)
        let forgotten = inKeys.filter { !known.contains($0) }
        if !forgotten.isEmpty {
            try store.obey(forgotten)
            // Wrapped keys had come back with the older copy: done again, said again.
            try keys.noteUnconfirmed(Set(forgotten.map(\.reference)))
        }
        let remembered = Set(inKeys)
        let held = Set(try keys.names().compactMap { KeyName($0.key) })
        try keys.obey(inLogs.filter { order in !remembered.contains(order) || held.contains(where: order.covers) })
        // An older copy of the keys may bring back what only it remembers.
        let again = inKeys.filter { order in !known.contains(order) && held.contains(where: order.covers) }
        try keys.obey(again)
    }

    // MARK: - Shares

    /// Wraps a key for each node that may read it.
    ///
    /// - Parameter existing: shares that need not be made again, as `KEY NODE/EPOCH REGION`.
    func shares(
        key: String, region: RegionCode, secret: SymmetricKey, _ circle: Circle, except existing: Set<String> = []
    ) throws -> [KeyShare] {
        guard let (top, readers) = circle.readers(of: region) else { return [] }
        return try readers.filter { !existing.contains("\(key) \($0.node)/\($0.epoch) \(region)") }.map { reader in
            KeyShare(
                key: key, recipient: reader.node, epoch: reader.epoch, region: region, top: top,
                box: try wrap(secret, key: key, for: reader), author: own.node)
        }
    }

    /// Who may read the keys of which village: its own nodes, the nearest hub above it, and the hub that this node syncs
    /// with, which after a move need not be the nearest.
    struct Circle {
        private let nodes: [Enrolment]
        private let own: NodeName
        let parent: Enrolment?

        init(store: LogStore, own: Enrolment, parent: Enrolment?) throws {
            nodes = try store.enrolments().filter { $0.revoked == nil }.map(\.enrolment)
            self.own = own.node
            self.parent = parent?.role == .hub ? parent : nil
        }

        func readers(of region: RegionCode) -> (top: RegionCode, readers: [Enrolment])? {
            let hubs = nodes.filter { $0.role == .hub && region.isAtOrBelow($0.region) }
            guard let nearest = hubs.map(\.region).max(by: { $0.level < $1.level }) else { return nil }
            let serving = hubs.filter { $0.region == nearest || $0.node == parent?.node }
            let top = serving.map(\.region).min(by: { $0.level < $1.level }) ?? nearest
            return (
                top, (nodes.filter { $0.role == .village && $0.region == region } + serving).filter { $0.node != own }
            )
        }
    }

    func wrap(_ secret: SymmetricKey, key: String, for reader: Enrolment) throws -> [UInt8] {
        let publicKey = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: reader.wrap)
        var sender = try HPKE.Sender(
            recipientKey: publicKey, ciphersuite: Self.suite,
            info: Self.info(key: key, to: "\(reader.node)/\(reader.epoch)"))
        let sealed = try sender.seal(secret.withUnsafeBytes { Data($0) })
        return [UInt8](sender.encapsulatedKey) + [UInt8](sealed)
    }

    private func open(_ share: KeyShare, _ wrapKey: Curve25519.KeyAgreement.PrivateKey) throws -> Data {
        var recipient = try HPKE.Recipient(
            privateKey: wrapKey, ciphersuite: Self.suite, info: Self.info(key: share.key, to: share.to),
            encapsulatedKey: Data(share.box.prefix(Self.encapsulatedBytes)))
        let secret = try recipient.open(Data(share.box.dropFirst(Self.encapsulatedBytes)))
        guard secret.count == Self.secretBytes else {
            throw NodeError(
                .badInput, "a share of \(share.key) holds \(secret.count) bytes",
                advice: "tell \(share.author)'s operator")
        }
        return secret
    }

    private static func info(key: String, to: String) -> Data { Data("simpul-key/v1\n\(key)\n\(to)".utf8) }
}
