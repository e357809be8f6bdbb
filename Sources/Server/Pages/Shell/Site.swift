import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import Node
import Store
import Synchronization

/// What all pages share.
final class Site: Sendable {
    let node: Node
    /// Holds the names of persons; made anew, and so emptied, when the node is locked.
    var desk: Desk { currentDesk.withLock { $0 } }
    private let currentDesk: Mutex<Desk>
    let blocking: Blocking
    let accounts: Accounts
    let sessions: Sessions
    let formGuard = FormGuard()
    let formOnce = FormOnce()
    let templates: Templates
    let texts: Texts
    let cookies: CookieNames
    let isSecure: Bool
    private let hosts: Set<String>?
    private let onLines: @Sendable () -> Void

    init(
        node: Node, blocking: Blocking, accounts: Accounts, options: Pages.Options,
        onLines: @escaping @Sendable () -> Void
    ) throws {
        self.node = node
        self.blocking = blocking
        self.accounts = accounts
        self.onLines = onLines
        currentDesk = Mutex(Desk(node: node))
        // A file of accounts that cannot be read signs everyone out: nobody may stay on what is not known.
        sessions = Sessions(idle: options.idle, now: { Date() }, standing: { try? accounts.current($0) })
        let resources = try PageResources.bundled()
        templates = try Templates(resources)
        texts = try Texts(resources)
        cookies = CookieNames(node.own, isSecure: options.isSecure)
        isSecure = options.isSecure
        hosts = options.hosts
    }

    /// Drops what was decrypted for the pages.
    func forgetNames() {
        let empty = Desk(node: node)
        currentDesk.withLock { $0 = empty }
    }

    /// Whether the request names this server as its own pages do. A page elsewhere that makes its name point to this
    /// laptop (DNS rebinding) does not.
    func accepts(host authority: String?) -> Bool {
        guard let hosts else { return true }
        guard let authority else { return false }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return hosts.contains(host.lowercased())
    }

    /// Records drafts of one filled-in form, once.
    ///
    /// - Parameter form: the form's own random name.
    func record(_ drafts: [Draft], form: String, session: Session) throws -> [RecordKey] {
        let keys = try formOnce.record(form: "\(session.token) \(form)") {
            try node.recorder.record(drafts).map { RecordKey($0.reference) }
        }
        onLines()
        return keys
    }

    /// Tells that lines were written in another way than by a form.
    func noteLines() { onLines() }

    func isAllowed(_ type: EventType, for account: Account) -> Bool {
        guard let kind = EventType.NodeKind(rawValue: node.own.role.rawValue) else { return false }
        return type.nodes.contains(kind) && (type.roles.isEmpty || type.roles.contains(account.role))
    }
}
