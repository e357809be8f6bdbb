import Catalogue
import Foundation

/// What happens to an account after it was made.
extension Accounts {
    /// The account that a login made with `earlier` stands for now; nil when it no longer does: the account is gone
    /// or switched off, has another secret, or the person was signed out everywhere.
    public func current(_ earlier: Account) throws -> Account? {
        try load().accounts.first { $0.continues(earlier) }
    }

    /// Sets a new secret for a person who knows the old one. Every login with the old one ends.
    ///
    /// - Returns: how the old secret was taken; the new one is set only with `.welcome`, which has the changed account.
    /// - Throws: `NodeError` `.badInput` when the new secret is not good enough; the old one is not tried then.
    public func changeSecret(name: String, current: String, new: String) throws -> Verdict {
        try check(new, name)
        let verdict = try verify(name: name, secret: current)
        guard case .welcome(let account) = verdict else { return verdict }
        return .welcome(try setSecret(name: account.name, new: new))
    }

    /// Sets a new secret without the old one: the operator's way for someone who forgot it.
    @discardableResult
    public func setSecret(name: String, new: String) throws -> Account {
        try check(new, name)
        let hash = try SecretHash(new, cost: cost)
        return try update(name) { account in
            account.secret = hash
            (account.failures, account.closedUntil) = (0, nil)
        }
    }

    /// Ends all logins of a person: every session on the pages, and what the query interface remembers.
    @discardableResult
    public func signOutEverywhere(name: String) throws -> Account {
        try update(name) { $0.generation = ($0.generation ?? 0) + 1 }
    }

    /// Switches an account off, which ends its logins, or on again, which ends its pause after wrong tries.
    @discardableResult
    public func setDisabled(_ isDisabled: Bool, name: String) throws -> Account {
        try update(name) { account in
            account.disabled = isDisabled
            if isDisabled { account.generation = (account.generation ?? 0) + 1 }
            (account.failures, account.closedUntil) = (0, nil)
        }
    }

    /// Takes an account away. What the person recorded keeps its pseudonym.
    public func remove(name: String) throws {
        try change { file in
            guard let index = file.accounts.firstIndex(where: { Self.isSame($0.name, name) }) else {
                throw Self.nobody(name)
            }
            file.accounts.remove(at: index)
        }
    }

    private func check(_ secret: String, _ name: String) throws {
        if let problem = rule.problem(with: secret, name: name) {
            throw NodeError(.badInput, problem.en, advice: "nothing was changed; try again")
        }
    }

    private func update(_ name: String, _ body: (inout Account) -> Void) throws -> Account {
        var changed: Account?
        try change { file in
            guard let index = file.accounts.firstIndex(where: { Self.isSame($0.name, name) }) else {
                throw Self.nobody(name)
            }
            body(&file.accounts[index])
            changed = file.accounts[index]
        }
        guard let changed else { throw Self.nobody(name) }
        return changed
    }

    private static func nobody(_ name: String) -> NodeError {
        NodeError(.badInput, "there is no account called \(name)", advice: "`simpul account list` shows them")
    }
}
