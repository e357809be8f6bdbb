import Crypto
import Foundation
import Logging

extension Accounts {
    /// Names that nobody has whose tries are remembered; the oldest goes first.
    static let strangerCapacity = 256

    /// Checks a secret. Each wrong one in a row makes the next wait longer, also after a restart, and for names that
    /// nobody has as for those that somebody has.
    public func verify(name: String, secret: String) throws -> Verdict {
        let verdict = try turns.take { try verifyInTurn(name: name, secret: secret) } ?? .wait(seconds: 1)
        note(verdict, name)
        return verdict
    }

    private func verifyInTurn(name: String, secret: String) throws -> Verdict {
        let file = try load()
        let account = file.accounts.first { Self.isSame($0.name, name) }
        let tries = account?.tries ?? file.strangers?[Self.digest(name)] ?? WrongSecrets()
        let moment = now().timeIntervalSince1970
        if let seconds = tries.wait(at: moment) { return .wait(seconds: seconds) }
        // A secret that is far too long for anyone's is not worth hashing.
        let isRight = try matches(String(secret.prefix(SecretRule.longest)), account)
        guard !isRight || tries.failures > 0 else { return account.map { .welcome($0) } ?? .wrong }
        try change { file in
            if let index = file.accounts.firstIndex(where: { Self.isSame($0.name, name) }) {
                if isRight {
                    file.accounts[index].tries = WrongSecrets()
                } else {
                    file.accounts[index].tries.fail(at: moment)
                }
            } else {
                file.noteStranger(Self.digest(name), at: moment)
            }
        }
        return isRight ? account.map { .welcome($0) } ?? .wrong : .wrong
    }

    /// Takes as long for a name that nobody has, so that names cannot be told apart by the clock.
    private func matches(_ secret: String, _ account: Account?) throws -> Bool {
        guard let account else {
            _ = try SecretHash(secret, cost: cost)
            return false
        }
        return try account.secret.matches(secret) && !account.isDisabled
    }

    private static func digest(_ name: String) -> String {
        let plain = name.trimmingCharacters(in: .whitespaces).lowercased()
        return Data(SHA256.hash(data: Data(plain.utf8)).prefix(12)).base64EncodedString()
    }

    private func note(_ verdict: Verdict, _ name: String) {
        guard let logger else { return }
        // The name itself may be a slip of the keyboard that holds a password.
        let actor = (try? load())?.accounts.first { Self.isSame($0.name, name) }?.actor ?? "unknown"
        switch verdict {
        case .welcome: logger.info("signed in", metadata: ["actor": "\(actor)"])
        case .wrong: logger.notice("sign-in refused", metadata: ["actor": "\(actor)"])
        case .wait(let seconds):
            logger.notice("sign-in paused", metadata: ["actor": "\(actor)", "seconds": "\(seconds)"])
        }
    }
}

extension Accounts.File {
    fileprivate mutating func noteStranger(_ digest: String, at moment: Double) {
        var strangers = strangers ?? [:]
        strangers[digest, default: WrongSecrets()].fail(at: moment)
        if strangers.count > Accounts.strangerCapacity,
            let oldest = strangers.min(by: { $0.value.last < $1.value.last })
        {
            strangers[oldest.key] = nil
        }
        self.strangers = strangers
    }
}

extension Account {
    fileprivate var tries: WrongSecrets {
        get { WrongSecrets(failures: failures, closedUntil: closedUntil) }
        set { (failures, closedUntil) = (newValue.failures, newValue.closedUntil) }
    }
}

extension SecretRule {
    /// Characters of any secret at most.
    static var longest: Int { passwordLength.upperBound + 1 }
}
