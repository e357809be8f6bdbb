import Event
import Node

/// Lets the node's accounts ask: the same names and passwords as on the pages.
public struct AccountAuthority: QueryAuthority {
    private let accounts: Accounts

    public init(accounts: Accounts) { self.accounts = accounts }

    public func verify(name: String, password: String) throws -> QueryVerdict {
        switch try accounts.verify(name: name, secret: password) {
        case .welcome(let account):
            .welcome(QueryReader(name: account.name, role: account.role, region: try account.regionCode()))
        case .wrong: .wrong
        case .wait(let seconds): .wait(seconds: seconds)
        }
    }

    /// Page sessions are the pages' own; whoever queries signs each request.
    public func reader(cookies: String) throws -> QueryReader? { nil }
}
