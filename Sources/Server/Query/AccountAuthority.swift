import Event
import Node

/// Lets the node's accounts ask: the same names, passwords and sessions as on the pages.
public struct AccountAuthority: QueryAuthority {
    private let accounts: Accounts
    public let sessionCookie: String?
    private let sessions: Sessions?
    private let verified = VerifiedLogins()

    /// - Parameter pages: whose sessions count as logins; nil: none do.
    public init(accounts: Accounts, pages: Pages? = nil) {
        self.accounts = accounts
        sessions = pages?.sessions
        sessionCookie = pages?.sessionCookie
    }

    public func verify(name: String, password: String) throws -> QueryVerdict {
        if let account = try verified.account(name: name, password: password, in: accounts) {
            return .welcome(try QueryReader(account))
        }
        switch try accounts.verify(name: name, secret: password) {
        case .welcome(let account):
            verified.remember(account, name: name, password: password)
            return .welcome(try QueryReader(account))
        case .wrong: return .wrong
        case .wait(let seconds): return .wait(seconds: seconds)
        }
    }

    public func reader(cookies: String) throws -> QueryReader? {
        guard let sessionCookie else { return nil }
        let names = cookies.split(separator: ";").map { $0.drop { $0 == " " } }
        let prefix = sessionCookie + "="
        guard let token = names.first(where: { $0.hasPrefix(prefix) })?.dropFirst(prefix.count),
            let session = sessions?.session(String(token))
        else { return nil }
        return try QueryReader(session.account)
    }
}

extension QueryReader {
    fileprivate init(_ account: Account) throws {
        self.init(
            name: account.name, role: account.role, region: try account.regionCode(), actor: account.actor,
            isVillageOfficial: account.isVillageOfficial == true)
    }
}
