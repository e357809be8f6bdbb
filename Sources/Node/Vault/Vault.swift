import Crypto
import Foundation
import Store
import Synchronization

/// The secrets of a node at rest: in plain without a passphrase, else under a master key that the passphrase opens.
///
/// The signing key is not among them: it opens no person's data, and the sync at night needs it with nobody at the
/// keyboard (`docs/decisions/0012-keys-at-rest.md`).
///
/// What must stay true: a secret is written under the newest master key that stands in `vault.json` at that moment;
/// once locked, no process of this user can open one.
public final class Vault: SecretKeeper, Sendable {
    public enum State: Sendable, Hashable {
        /// No passphrase is set.
        case open
        case locked
        case unlocked
    }

    private struct Cache {
        var file: VaultFile?
        var stamp: FileStamp?
        var master: SymmetricKey?
        var memory: FileStamp?
    }

    let folder: NodeFolder
    let cost: Passphrase.Cost
    private let memory: UnlockedMemory
    private let cache = Mutex(Cache())

    /// - Parameters:
    ///   - cost: the work of one guess at a passphrase that is set from now on.
    ///   - memory: a folder in memory for the key while it is unlocked.
    public init(folder: NodeFolder, cost: Passphrase.Cost = .usual, memory: String? = nil) {
        self.folder = folder
        self.cost = cost
        self.memory = UnlockedMemory(folder: memory ?? UnlockedMemory.usualFolder)
    }

    // MARK: - State

    public var isLocked: Bool { (try? state()) == .locked }

    /// - Throws: when the key file is there and cannot be read.
    public func state() throws -> State {
        try cache.withLock { cache in
            guard let file = try current(&cache) else { return .open }
            return try master(file, &cache) == nil ? .locked : .unlocked
        }
    }

    /// Whether a passphrase is set.
    public func isSet() throws -> Bool { try state() != .open }

    /// Puts the pause of auto-lock off: somebody is there.
    public func touch() throws {
        guard let file = try file() else { return }
        try memory.touch(file)
    }

    /// Forgets the master key, in every process of this user.
    public func lock() throws {
        try cache.withLock { cache in
            (cache.master, cache.memory) = (nil, nil)
            guard let file = try current(&cache) else { return }
            try memory.remove(file)
        }
    }

    // MARK: - Secrets

    private static let version: UInt8 = 1
    /// Version, generation.
    private static let headBytes = 5
    /// All secrets kept here are keys of this length.
    private static let plainBytes = 32

    public func seal(_ secret: Data, name: String) throws -> Data {
        try cache.withLock { cache in
            guard let file = try current(&cache) else { return secret }
            guard let master = try master(file, &cache) else { throw Self.locked }
            var stored = Data([Self.version])
            withUnsafeBytes(of: file.generation.bigEndian) { stored.append(contentsOf: $0) }
            stored.append(try Boxed.seal(secret, master, context: Self.context(file.id, file.generation, name)))
            return stored
        }
    }

    public func open(_ stored: Data, name: String) throws -> Data {
        try cache.withLock { cache in
            guard let file = try current(&cache) else {
                guard stored.count == Self.plainBytes else { throw Self.damaged(name) }
                return stored
            }
            guard let master = try master(file, &cache) else { throw Self.locked }
            if stored.count == Self.plainBytes {
                // In plain only for as long as a passphrase is being set.
                guard file.isUnfinished, file.earlier == nil else { throw Self.damaged(name) }
                return stored
            }
            let head = [UInt8](stored.prefix(Self.headBytes))
            guard head.count == Self.headBytes, head[0] == Self.version else { throw Self.damaged(name) }
            let generation = head.dropFirst().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let key = try key(generation, file, master),
                let secret = Boxed.open(
                    stored.dropFirst(Self.headBytes), key, context: Self.context(file.id, generation, name))
            else { throw Self.damaged(name) }
            return secret
        }
    }

    /// The master key of a generation: the newest, or the one before while its secrets are brought over.
    private func key(_ generation: UInt32, _ file: VaultFile, _ master: SymmetricKey) throws -> SymmetricKey? {
        if generation == file.generation { return master }
        guard generation + 1 == file.generation, file.isUnfinished, let earlier = file.earlier,
            let secret = Boxed.open(earlier, master, context: file.context("earlier"))
        else { return nil }
        return SymmetricKey(data: secret)
    }

    private static func context(_ id: String, _ generation: UInt32, _ name: String) -> String {
        "simpul-rest/v1\n\(id)\n\(generation)\n\(name)"
    }

    static let locked = NodeError(
        .locked, "this node is locked",
        advice: "unlock it with `simpul unlock`, or in the app; records already written are carried up all the same")

    private static func damaged(_ name: String) -> NodeError {
        NodeError(
            .damaged, "the secret \(name) does not open under this node's key",
            advice: "the folder was put together from two nodes or copies; restore secrets/ whole")
    }

    // MARK: - Files

    func file() throws -> VaultFile? { try cache.withLock { try current(&$0) } }

    /// The master key as it is now; nil when locked.
    func master(_ file: VaultFile) throws -> SymmetricKey? { try cache.withLock { try master(file, &$0) } }

    func remember(_ master: SymmetricKey, _ file: VaultFile, idle: Int?) throws {
        try memory.store(master, file, idle: idle)
    }

    /// Takes a former master key out of memory.
    func forget(_ file: VaultFile) throws { try memory.remove(file) }

    /// How long without use until it locks by itself, as it was unlocked; nil: never.
    func idle(_ file: VaultFile) throws -> Int? { try memory.idle(file) }

    /// Another process may have set or changed the passphrase: the file is looked at each time.
    private func current(_ cache: inout Cache) throws -> VaultFile? {
        let stamp = FileStamp(folder.vault)
        if stamp == cache.stamp, stamp == nil || cache.file != nil { return cache.file }
        cache = Cache(file: try VaultFile.load(folder), stamp: stamp)
        return cache.file
    }

    /// Another process may have locked or unlocked it: the file in memory is looked at each time.
    private func master(_ file: VaultFile, _ cache: inout Cache) throws -> SymmetricKey? {
        let stamp = try memory.stamp(file)
        if stamp == nil || stamp != cache.memory {
            cache.master = try stamp == nil ? nil : memory.load(file)
            cache.memory = cache.master == nil ? nil : stamp
        }
        return cache.master
    }
}
