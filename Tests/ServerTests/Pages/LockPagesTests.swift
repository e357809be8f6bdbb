import Event
import Foundation
import HTTPTypes
import Store
import Sync
import TestKit
import Testing

@testable import Node
@testable import Server

/// A laptop that locks, and hides what it shows.
@Suite struct LockPagesTests {
    private static let words = "ladang padi di pagi hari"

    /// A village with a passphrase, and one person whose name is on its pages.
    private static func world() throws -> PageWorld {
        let world = try PageWorld.village()
        try world.node.record(
            "person.registered",
            .object([
                JSONMember("full_name", .string("Rohmah Binti Sanusi")), JSONMember("birth_year", .int(1998)),
                JSONMember("sex", .string("F")), JSONMember("role", .string("cpmi")),
                JSONMember("stage", .string("before")),
                JSONMember("domicile_code", .string("36.04.13.2007")),
                JSONMember("lawful_basis", .string("public_task")), JSONMember("source", .string("home")),
            ]), role: "community_organizer")
        _ = try world.node.node.setPassphrase(Passphrase(words))
        return world
    }

    @Test func `a locked laptop shows no page until its passphrase is given`() async throws {
        let world = try Self.world()
        let vault = world.node.node.vault
        defer { try? vault.lock() }
        try await world.run { browser in
            #expect(try await browser.get("/orang").contains("Rohmah"))
            try vault.lock()
            for path in ["/", "/orang", "/catat", "/masuk"] {
                let page = try await browser.get(path)
                #expect(page.path == "/buka", "\(path)")
                #expect(!page.contains("Rohmah"))
            }
            let gate = try await browser.get("/buka")
            let wrong = try await browser.submit(gate, to: "/buka", [("passphrase", "perahu biru tanpa layar")])
            #expect(wrong.status == 401)
            #expect(try vault.state() == .locked)
            try await browser.submit(gate, to: "/buka", [("passphrase", Self.words)])
            #expect(try await browser.get("/orang").contains("Rohmah"))
        }
    }

    @Test func `a form sent to a laptop that has locked itself is saved after unlocking`() async throws {
        let world = try Self.world()
        let node = world.node.node
        defer { try? node.vault.lock() }
        func mine() throws -> Int64 {
            try node.store.logs().filter { $0.log.node == node.own.node && $0.log.audience != .local }
                .reduce(0) { $0 + $1.size }
        }
        let before = try mine()
        try await world.run { browser in
            let form = try await browser.get("/catat/recruiter.sighted")
            try node.vault.lock()
            let kept = try await browser.submit(
                form, to: "/catat/recruiter.sighted",
                [
                    ("seen_on", "2026-08"), ("kind", "sponsor"), ("showed_assignment_letter", "false"),
                    ("evidence", "third_party"),
                ], follow: false)
            #expect(kept.status == 423)
            let unlocked = try await browser.submit(kept, to: "/buka", [("passphrase", Self.words)])
            let target = try #require(unlocked.first(#"action="(/catat/recruiter\.sighted[^"]*)""#))
            let saved = try await browser.submit(unlocked, to: target, [])
            #expect(saved.path.contains("baru=1"), "\(saved.path) \(saved.status)")
        }
        #expect(try mine() == before + 1)
    }

    @Test func `hiding leaves for a page that says nothing, ends the stay and locks`() async throws {
        let world = try Self.world()
        let vault = world.node.node.vault
        defer { try? vault.lock() }
        try await world.run { browser in
            let page = try await browser.get("/orang")
            let hidden = try await browser.submit(page, to: "/sembunyi", [], follow: false)
            #expect(hidden.headers[.location] == "/kalender")
            #expect(hidden.headers[try #require(HTTPField.Name("Clear-Site-Data"))]?.contains("cookies") == true)
            let calendar = try await browser.get("/kalender")
            #expect(calendar.status == 200)
            #expect(calendar.contains("Agustus 2026") && calendar.contains(#"aria-current="date">14<"#))
            for word in ["Simpul", "Junali", "lontar", "Rohmah", "simpul"] {
                #expect(!calendar.contains(word), "\(word)")
            }
            #expect(try vault.state() == .locked)
            try world.node.node.unlock(Passphrase(Self.words), idle: nil)
            #expect(try await browser.get("/orang").path == "/masuk")
        }
    }

    @Test func `a stranger at a server can neither lock it nor try its passphrase`() async throws {
        let hub = try TestNode.centre(now: PageWorld.now).child(
            "hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
        let world = try PageWorld(hub)
        let vault = hub.node.vault
        _ = try hub.node.setPassphrase(Passphrase(Self.words))
        defer { try? vault.lock() }
        try world.accounts.add(name: "Mitra", secret: "kata sandi panjang", role: "partner_viewer")
        try await world.run(signedInAs: nil) { browser in
            // A form's token is there for everyone to take.
            let page = try await browser.get("/masuk")
            let token = page.hidden(action: "/bahasa").filter { $0.0 == "token" }
            #expect(!token.isEmpty)
            let hidden = try await browser.post("/sembunyi", token, follow: false)
            #expect(hidden.headers[.location] == "/kalender")
            #expect(try vault.state() == .unlocked)
            #expect(try await browser.post("/kunci", token).path == "/masuk")
            try vault.lock()
            let gate = try await browser.get("/buka")
            #expect(!gate.contains(#"name="passphrase""#))
            #expect(gate.contains("simpul unlock"))
            let opened = try await browser.post("/buka", token + [("passphrase", Self.words)])
            #expect(opened.status == 403)
            #expect(try vault.state() == .locked)
        }
        try hub.node.unlock(Passphrase(Self.words), idle: nil)
        try await world.run(signedInAs: "Mitra") { browser in
            let page = try await browser.get("/izin")
            let refused = try await browser.submit(page, to: "/kunci", [])
            #expect(refused.status == 403)
            _ = try await browser.submit(page, to: "/sembunyi", [], follow: false)
            #expect(try vault.state() == .unlocked, "who knows no names takes them from nobody")
        }
    }

    @Test func `names are not kept in memory once it is locked`() async throws {
        let world = try Self.world()
        let node = world.node.node
        let site = try Site(
            node: node, blocking: Blocking(label: "lock"), accounts: world.accounts, options: .loopback, onLines: {})
        try site.desk.refresh()
        #expect(site.desk.people.all().contains { $0.name == "Rohmah Binti Sanusi" })
        try node.vault.lock()
        let watch = Task { try await AutoLock(site: site).run() }
        defer { watch.cancel() }
        while site.desk.people.all().contains(where: { $0.name != nil }) { await Task.yield() }
        #expect(site.desk.people.all().isEmpty)
    }

    @Test func `without a passphrase nothing is asked and hiding still hides`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let page = try await browser.get("/")
            #expect(!page.contains(#"action="/kunci""#))
            #expect(try await browser.submit(page, to: "/sembunyi", []).path == "/kalender")
            #expect(try await browser.get("/").path == "/masuk")
        }
    }

    @Test(arguments: [
        ("2026-08-14", 5, 6), ("2024-02-29", 3, 5), ("2027-02-01", 0, 4), ("2026-11-21", 6, 6),
    ])
    func `the calendar's weeks are right`(date: String, before: Int, weeks: Int) {
        let sheet = MonthSheet(of: date)
        #expect(sheet.weeks[0].prefix { $0 == nil }.count == before)
        #expect(sheet.weeks.count == weeks && sheet.weeks.allSatisfy { $0.count == 7 })
    }
}
