import Crypto
import Foundation
import Node
import Synchronization

/// Logins that were found right a short while ago: checking a password takes a tenth of a second on purpose, and
/// whoever pages through an answer sends the same one each time.
///
/// Passwords are not kept, only a MAC of each under a key that this process makes and forgets.
final class VerifiedLogins: Sendable {
    private struct Entry {
        let account: Account
        let until: Date
    }

    /// How long a login is remembered; an account that was changed or removed is noticed at once.
    private static let lifetime: TimeInterval = 300
    private static let capacity = 1_000

    private let key = SymmetricKey(size: .bits256)
    private let entries = Mutex<[Data: Entry]>([:])

    /// The account of a login that was right lately and still stands.
    func account(name: String, password: String, in accounts: Accounts, now: Date = Date()) throws -> Account? {
        let known = entries.withLock { $0[digest(name, password)] }
        guard let known, known.until > now else { return nil }
        return try accounts.current(known.account)
    }

    func remember(_ account: Account, name: String, password: String, now: Date = Date()) {
        let digest = digest(name, password)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries = entries.filter { $0.value.until > now } }
            guard entries.count < Self.capacity else { return }
            entries[digest] = Entry(account: account, until: now + Self.lifetime)
        }
    }

    private func digest(_ name: String, _ password: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data("\(name.utf8.count):\(name)\(password)".utf8), using: key))
    }
}
