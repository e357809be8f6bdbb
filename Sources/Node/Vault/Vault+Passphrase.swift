import Crypto
import Event
import Foundation
import Store

/// Who can bring a forgotten passphrase back.
public enum RecoveryHolder: Sendable {
    /// The hub, by its `NODE/EPOCH` and wrap key.
    case hub(String, wrap: Data)
    /// Whoever has the paper with the code, which is shown once.
    case paper
}

extension Vault {
    /// How long a laptop that nobody uses stays unlocked, in seconds.
    public static let usualIdle = 900

    /// Unlocks the node for all programs of this user.
    ///
    /// - Parameter idle: seconds without use until it locks by itself; nil: only when told, or switched off.
    /// - Throws: `NodeError` `.denied` when the passphrase is wrong, `.wait` after several wrong ones.
    public func unlock(_ passphrase: Passphrase, idle: Int?, now: @escaping @Sendable () -> Date = { Date() }) throws {
        let (file, master) = try open(passphrase, now: now)
        try remember(master, file, idle: idle)
        try finish()
    }

    /// Sets the first passphrase, or replaces it: a new master key, under which all secrets are brought. An old copy of the
    /// key file with the old passphrase opens nothing that stands here afterwards.
    ///
    /// The node is unlocked afterwards, as it was before.
    ///
    /// - Returns: the code to write on paper, when that is how it is recovered.
    public func set(
        _ new: Passphrase, replacing old: Passphrase?, node: String, recovery: RecoveryHolder, idle: Int?,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> RecoveryCode? {
        guard let old else {
            guard try file() == nil else {
                throw NodeError(
                    .exists, "this node has a passphrase", advice: "change it with `simpul passphrase change`")
            }
            return try renew(new, before: nil, node: node, recovery: recovery, idle: idle)
        }
        let before = try open(old, now: now)
        return try renew(new, before: before, node: node, recovery: recovery, idle: idle)
    }

    /// Sets a new passphrase with a recovery code, which is of no use afterwards.
    ///
    /// - Returns: the next code to write on paper, when that is how it is recovered.
    public func recover(
        _ code: RecoveryCode, _ new: Passphrase, node: String, recovery: RecoveryHolder, idle: Int?,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> RecoveryCode? {
        let file = try required()
        guard let kept = file.recovery else {
            throw NodeError(
                .badInput, "this node has no recovery key", advice: "enrol this laptop anew with a new invitation")
        }
        let master = try tries(now).run("the recovery code, or it was replaced by a newer one,") {
            Boxed.open(kept.box, code.wrappingKey(file.context("recovery")), context: file.context("recovery"))
        }
        return try renew(new, before: (file, SymmetricKey(data: master)), node: node, recovery: recovery, idle: idle)
    }

    private func tries(_ now: @escaping @Sendable () -> Date) -> Tries {
        Tries(path: folder.secrets + "/tries.json", now: now)
    }

    private func required() throws -> VaultFile {
        guard let file = try file() else {
            throw NodeError(
                .badInput, "this node has no passphrase", advice: "set one with `simpul passphrase set`")
        }
        return file
    }

    private func open(
        _ passphrase: Passphrase, now: @escaping @Sendable () -> Date
    ) throws -> (VaultFile, SymmetricKey) {
        let file = try required()
        let master = try tries(now).run("the passphrase") {
            try file.passphrase.open(passphrase, context: file.context("passphrase"))
        }
        return (file, SymmetricKey(data: master))
    }

    private func renew(
        _ new: Passphrase, before: (file: VaultFile, master: SymmetricKey)?, node: String, recovery: RecoveryHolder,
        idle: Int?
    ) throws -> RecoveryCode? {
        let lock = try FileLock(path: folder.vault + ".lock")
        defer { lock.release() }
        // Looked at again where nobody else can write: a change in between has made another master key, under which the
        // secrets stand, and which would be wrapped nowhere.
        let present = try file()
        guard present?.id == before?.file.id, present?.generation == before?.file.generation else {
            throw NodeError(
                .exists, "the passphrase was changed by somebody else at the same time",
                advice: "nothing was done; if it is still to be another, change it again")
        }
        if let before {
            // What an interrupted change left is finished first: only two master keys are kept apart.
            try remember(before.master, before.file, idle: idle)
            try bringOver()
        }
        let master = SymmetricKey(size: .bits256)
        let secret = master.withUnsafeBytes { Data($0) }
        let (id, generation) = (
            before?.file.id ?? UUID().uuidString.lowercased(), (before?.file.generation ?? 0) + 1
        )
        var file = VaultFile(
            id: id, generation: generation,
            passphrase: try PassphraseBox(
                secret, under: new, cost: cost, context: VaultFile.context(id, generation, "passphrase")),
            isUnfinished: true)
        if let before {
            file.earlier = try Boxed.seal(
                before.master.withUnsafeBytes { Data($0) }, master, context: file.context("earlier"))
        }
        let code = RecoveryCode()
        file.recovery = try Self.recovery(code, secret, file, node: node, recovery)
        try remember(master, file, idle: idle)
        // From here on the new passphrase counts, and the old one does not.
        try file.save(folder)
        try bringOver()
        if let before { try forget(before.file) }
        guard case .paper = recovery else { return nil }
        return code
    }

    private static func recovery(
        _ code: RecoveryCode, _ master: Data, _ file: VaultFile, node: String, _ holder: RecoveryHolder
    ) throws -> VaultFile.Recovery {
        let box = try Boxed.seal(
            master, code.wrappingKey(file.context("recovery")), context: file.context("recovery"))
        guard case .hub(let name, let wrap) = holder else { return .init(box: box, deposit: nil) }
        let info = RecoveryDeposit.info(node: node, vault: file.id, generation: file.generation, holder: name)
        return .init(
            box: box,
            deposit: .init(
                holder: name, box: try RecoveryDeposit.seal(code, to: wrap, info: info), isWritten: false))
    }

    /// Notes that the deposit of one master key stands in a line; nothing where the passphrase was changed since.
    func noteDeposited(_ written: VaultFile, by line: LineReference) throws {
        let lock = try FileLock(path: folder.vault + ".lock")
        defer { lock.release() }
        guard var file = try file(), file.id == written.id, file.generation == written.generation else { return }
        file.recovery?.deposit?.isWritten = true
        file.recovery?.deposit?.line = line.description
        try file.save(folder)
    }

    /// Goes on where a change of the passphrase was interrupted.
    func finish() throws {
        let lock = try FileLock(path: folder.vault + ".lock")
        defer { lock.release() }
        try bringOver()
    }

    /// Brings every secret under the newest master key. Safe to repeat at any point.
    private func bringOver() throws {
        guard var file = try file(), file.isUnfinished else { return }
        try NodeKeys.reseal(folder, keeper: self)
        try ImportSecret.reseal(folder, keeper: self)
        if FileManager.default.fileExists(atPath: folder.personKeys) {
            let keys = try PersonKeyStore(path: folder.personKeys, keeper: self)
            try keys.reseal()
            try keys.close()
        }
        (file.earlier, file.isUnfinished) = (nil, false)
        try file.save(folder)
    }
}
