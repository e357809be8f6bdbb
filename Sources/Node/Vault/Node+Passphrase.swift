import Event
import Foundation
import Store
import TransparencyLog

/// The passphrase of an opened node: setting and changing it, and the recovery key that a hub holds.
extension Node {
    private static let deposited = "node.recovery_deposited"
    private static let issued = "node.recovery_issued"
    private static let recovered = "node.recovered"

    private var name: String { "\(own.node)/\(own.epoch)" }

    /// A village's laptop locks by itself; a server stays unlocked until told or switched off.
    public var usualIdle: Int? { own.role == .village ? Vault.usualIdle : nil }

    /// Unlocks, and makes up for what waited: keys that came, a deposit that was not written yet.
    public func unlock(_ passphrase: Passphrase, idle: Int?) throws {
        try vault.unlock(passphrase, idle: idle)
        try writeDeposit()
        try keyring.settle()
    }

    /// - Parameter old: nil to set the first one.
    /// - Returns: the recovery code, to write on paper, when no hub can hold it.
    public func setPassphrase(_ new: Passphrase, replacing old: Passphrase? = nil) throws -> RecoveryCode? {
        let code = try vault.set(
            new, replacing: old, node: name, recovery: try recoveryHolder(), idle: usualIdle)
        try writeDeposit()
        try keyring.settle()
        return code
    }

    /// Sets a new passphrase with the code that the hub gave out, or that is on paper.
    public func recover(_ code: RecoveryCode, _ new: Passphrase) throws -> RecoveryCode? {
        let used = try vault.file()
        let next = try vault.recover(code, new, node: name, recovery: try recoveryHolder(), idle: usualIdle)
        if let used { try write(Self.recovered, used, []) }
        try writeDeposit()
        try keyring.settle()
        return next
    }

    /// The hub above. A centre never holds what opens a person's data, and a server's own key is for paper in a safe.
    private func recoveryHolder() throws -> RecoveryHolder {
        guard own.role == .village, let parent = try parent(), parent.role == .hub else { return .paper }
        // The copy of the hub that is known to be the newest: it may have been enrolled anew.
        let known = try store.enrolments().filter { $0.enrolment.node == parent.node && $0.revoked == nil }
        let hub = known.last { $0.enrolment.role == .hub }?.enrolment ?? parent
        return .hub("\(hub.node)/\(hub.epoch)", wrap: hub.wrap)
    }

    /// The line that carries the wrapped recovery key to the hub, once for each master key. Interrupted before it was
    /// noted, it is written a second time, which does no harm.
    private func writeDeposit() throws {
        guard let file = try vault.file(), let deposit = file.recovery?.deposit, !deposit.isWritten else { return }
        let line = try write(
            Self.deposited, file,
            [
                JSONMember("to", .string(deposit.holder)),
                JSONMember("box", .string(deposit.box.base64EncodedString())),
            ])
        try vault.noteDeposited(file, by: line.reference)
    }

    @discardableResult
    private func write(_ type: String, _ file: VaultFile, _ more: [JSONMember]) throws -> AppendedLine {
        let members = [
            JSONMember("node", .string(own.node.description)), JSONMember("epoch", .string(own.epoch.description)),
            JSONMember("vault", .string(file.id)), JSONMember("generation", .int(Int64(file.generation))),
        ]
        return try recorder.record(
            Draft(
                type: type, subject: own.node.description, data: .object(members + more),
                actor: own.node.description, role: "system", audience: own.region))
    }
}

/// What a hub holds for a village that forgot its passphrase.
public struct RecoveryOnDeposit: Sendable {
    public let reference: LineReference
    public let enrolment: Enrolment
    /// When the village deposited it.
    public let time: DateTime
    let vault: String
    let generation: UInt32
    let box: Data
    let holder: String
}

extension Node {
    /// The newest deposit of each copy of `node` that is not revoked.
    ///
    /// - Throws: `NodeError` when there is none, in words that say why.
    public func recoveryDeposits(of node: NodeName) throws -> [RecoveryOnDeposit] {
        let copies = try store.enrolments().filter { $0.enrolment.node == node }
        guard !copies.isEmpty else {
            throw NodeError(.badInput, "no node \(node) is enrolled here", advice: "`simpul nodes list` shows them")
        }
        let standing = copies.filter { $0.revoked == nil }.map(\.enrolment)
        guard !standing.isEmpty else {
            throw NodeError(
                .refused, "\(node) is revoked; a lost or stolen laptop is not opened",
                advice: "enrol a laptop anew with `simpul invite`")
        }
        let found = try standing.compactMap { try newestDeposit(of: $0) }
        guard !found.isEmpty else {
            throw NodeError(
                .badInput, "\(node) has deposited no recovery key here",
                advice: "it has no passphrase, or has not synced since it was set; else enrol it anew")
        }
        return found
    }

    /// The newest deposit of one copy, revoked or not; nil where it made none: it has no passphrase, as far as known here.
    func newestDeposit(of enrolment: Enrolment) throws -> RecoveryOnDeposit? {
        var newest: RecoveryOnDeposit?
        let needle = Array("\"\(Self.deposited)\"".utf8)
        try store.forEachLine(inScopeOf: enrolment.region, containing: needle) { bytes in
            guard let line = try? EventLine(parsing: bytes), line.type == Self.deposited,
                line.source.node == enrolment.node, line.source.epoch == enrolment.epoch,
                let vault = line.data["vault"]?.stringValue, let holder = line.data["to"]?.stringValue,
                let generation = line.data["generation"]?.intValue.flatMap({ UInt32(exactly: $0) }),
                let box = line.data["box"]?.stringValue.flatMap({ Data(base64Encoded: $0) })
            else { return }
            let found = RecoveryOnDeposit(
                reference: try LineReference(line: line, bytes: bytes), enrolment: enrolment, time: line.time,
                vault: vault, generation: generation, box: box, holder: holder)
            // Its log is one writer's: the later line is the newer one.
            newest = found
        }
        return newest
    }

    /// Opens a deposit, and writes into this node's log that it did, before anyone sees the code.
    ///
    /// - Parameter reason: why, and how the caller was known.
    public func issueRecovery(_ deposit: RecoveryOnDeposit, reason: String, by actor: String, role: String) throws
        -> RecoveryCode
    {
        guard deposit.holder == name else {
            throw NodeError(
                .badInput, "the key was deposited with \(deposit.holder), this is \(name)",
                advice: "open it where that key is; or enrol the laptop anew")
        }
        let info = RecoveryDeposit.info(
            node: "\(deposit.enrolment.node)/\(deposit.enrolment.epoch)", vault: deposit.vault,
            generation: deposit.generation, holder: name)
        let key = try NodeKeys(folder).wrap(vault)
        guard let code = try? RecoveryDeposit.open(deposit.box, key, info: info) else {
            throw NodeError(
                .damaged, "the deposit \(deposit.reference) does not open", advice: "enrol the laptop anew")
        }
        try recorder.record(
            Draft(
                type: Self.issued, subject: deposit.enrolment.node.description,
                data: .object([
                    JSONMember("node", .string(deposit.enrolment.node.description)),
                    JSONMember("epoch", .string(deposit.enrolment.epoch.description)),
                    JSONMember("vault", .string(deposit.vault)),
                    JSONMember("generation", .int(Int64(deposit.generation))),
                    JSONMember("deposit", .string(deposit.reference.description)),
                    JSONMember("reason", .string(reason)),
                ]), actor: actor, role: role, audience: own.region))
        return code
    }
}

extension LineReference {
    /// Where a line stands, by its own words.
    init(line: EventLine, bytes: [UInt8]) throws {
        try self.init(log: line.source, sequence: line.sequence, leafHash: Hash.leaf(bytes).bytes)
    }
}
