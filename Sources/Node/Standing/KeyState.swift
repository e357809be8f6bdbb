import Event
import Store

/// Locked, and whether the hub could help if the passphrase were forgotten.
struct KeyState {
    let node: Node

    func conditions() throws -> [NodeCondition] {
        var found: [NodeCondition] = []
        if try node.vault.state() == .locked { found.append(NodeCondition(.locked, at: node.own.role)) }
        if let deposit = try node.vault.file()?.recovery?.deposit, try !isThere(deposit) {
            found.append(NodeCondition(.keyNotDeposited, at: node.own.role, about: deposit.holder))
        }
        return found
    }

    /// Deposits of older programs do not name their line; they are taken to be there.
    private func isThere(_ deposit: VaultFile.Deposit) throws -> Bool {
        guard deposit.isWritten else { return false }
        guard let line = deposit.line, let reference = try? LineReference(line) else { return true }
        return try node.paths().path(reference.log, reference.sequence).stage >= .atHub
    }
}
