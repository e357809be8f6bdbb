import Event
import Foundation
import Hummingbird
import Node
import ServiceLifecycle
import Store

/// The pages of a node, for people: a village's app, a hub's morning page, the centre's health and questions.
///
/// They work without JavaScript and ask nothing of any other server. Add them to a router after the sync endpoint.
public struct Pages: Sendable {
    public struct Options: Sendable {
        /// Served over TLS: cookies are then sent over TLS only.
        public var isSecure: Bool
        /// Names by which the server may be called; nil: any. On a laptop only the loopback names.
        public var hosts: Set<String>?
        /// Seconds without a request after which someone is signed out.
        public var idle: TimeInterval

        public init(isSecure: Bool = false, hosts: Set<String>? = nil, idle: TimeInterval = 1_800) {
            self.isSecure = isSecure
            self.hosts = hosts
            self.idle = idle
        }

        /// For `simpul app`: plain HTTP that never leaves the laptop.
        public static let loopback = Options(hosts: ["127.0.0.1", "localhost", "[::1]"])
    }

    private let site: Site

    /// Who is signed in, for the queries.
    var sessions: Sessions { site.sessions }
    /// The cookie that says so.
    var sessionCookie: String { site.cookies.session }

    /// - Parameters:
    ///   - blocking: where the pages' disk work runs; concurrent, not serial.
    ///   - onLines: called after something was recorded, so that models are brought up to it.
    /// - Throws: when templates or texts are missing from the installation.
    public init(
        node: Node, blocking: Blocking, accounts: Accounts, options: Options = Options(),
        onLines: @escaping @Sendable () -> Void = {}
    ) throws {
        site = try Site(node: node, blocking: blocking, accounts: accounts, options: options, onLines: onLines)
    }

    /// What runs beside the pages.
    public var services: [any Service] { [AutoLock(site: site)] }

    /// Adds all routes. Routes that were added before keep their headers.
    public func register<Context: RequestContext>(on router: Router<Context>) throws {
        try StaticFiles().register(on: router)
        router.add(middleware: SecurityHeaders())
        let routes = PageRoutes(site: site, router: router)
        AccountPages(site: site).register(on: routes)
        LockPages(site: site).register(on: routes)
        SecretPages(site: site).register(on: routes)
        RecordPages(site: site).register(on: routes)
        RecordFormPages(site: site).register(on: routes)
        CorrectionPages(site: site).register(on: routes)
        CasePages(site: site).register(on: routes)
        LicencePages(site: site).register(on: routes)
        // The centre holds no keys of persons: it has no page of them.
        if site.node.own.role != .centre { PeoplePages(site: site).register(on: routes) }
        switch site.node.own.role {
        case .village:
            BoardPages(site: site).register(on: routes)
            NewPersonPages(site: site).register(on: routes)
        case .hub:
            MorningPages(site: site).register(on: routes)
            ErasurePages(site: site).register(on: routes)
            LikenessPages(site: site).register(on: routes)
        case .centre: CentrePages(site: site).register(on: routes)
        }
        routes.get("**", .everyone) { _ in throw PageError.notFound }
    }
}
