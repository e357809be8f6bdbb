import Foundation
import Hummingbird
import HummingbirdTesting
import Store
import TestKit

@testable import Node
@testable import Server

/// Pages of a real node in a temporary folder, behind a real HTTP server.
struct PageWorld: Sendable {
    let node: TestNode
    let accounts: Accounts

    /// 14 August 2026, ten in the morning in Jakarta.
    static let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_786_676_400) }

    init(_ node: TestNode) throws {
        self.node = node
        accounts = Accounts(
            folder: NodeFolder(path: node.folder.path), region: node.node.own.region,
            rule: node.node.own.role == .village ? .pin : .password,
            cost: .init(rounds: 16, blockSize: 1, parallelism: 1), now: Self.now)
    }

    /// A village with its hub and centre, none of which it can reach.
    static func village() throws -> PageWorld {
        let centre = try TestNode.centre(now: now)
        let hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: now)
        return try PageWorld(try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: now))
    }

    /// Runs `body` with a browser that may be signed in.
    func run(
        signedInAs name: String? = "Junali", options: Pages.Options = .loopback,
        _ body: @escaping @Sendable (PageBrowser) async throws -> Void
    ) async throws {
        let (node, accounts) = (node.node, accounts)
        let router = Router()
        let pages = try Pages(
            node: node, blocking: Blocking(label: "pages"), accounts: accounts, options: options,
            onLines: { _ = try? node.project() })
        if node.own.role != .village {
            QueryEndpoint(
                node: node, authority: AccountAuthority(accounts: accounts, pages: pages),
                blocking: Blocking(label: "query")
            ).register(on: router)
        }
        try pages.register(on: router)
        try await Application(router: router).test(.live) { client in
            let browser = PageBrowser(client)
            if let name { try await signIn(browser, name) }
            try await body(browser)
        }
    }

    private func signIn(_ browser: PageBrowser, _ name: String) async throws {
        let secret = node.node.own.role == .village ? "2846" : "kata sandi panjang"
        if try accounts.list().isEmpty {
            let role =
                switch node.node.own.role {
                case .village: "community_organizer"
                case .hub: "hub_officer"
                case .centre: "central_officer"
                }
            try accounts.add(name: name, secret: secret, role: role)
        }
        let page = try await browser.get("/masuk")
        try await browser.submit(page, to: "/masuk", [("name", name), ("secret", secret)])
    }
}
