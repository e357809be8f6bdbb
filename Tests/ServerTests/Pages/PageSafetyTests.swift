import Event
import Foundation
import HTTPTypes
import Node
import Server
import Store
import Sync
import Synchronization
import TestKit
import Testing

/// What pages must never do, whoever asks.
@Suite struct PageSafetyTests {
    @Test func `every page asks to sign in first`() async throws {
        let world = try PageWorld.village()
        try world.accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        try await world.run(signedInAs: nil) { browser in
            for path in ["/", "/orang", "/orang/baru", "/catat", "/catat/visit.recorded", "/kasus", "/izin"] {
                let page = try await browser.get(path)
                #expect(page.path == "/masuk", "\(path)")
            }
        }
    }

    @Test func `pages allow nothing from elsewhere, no inline script, and are kept by nobody`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let page = try await browser.get("/")
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'"))
            #expect(!policy.contains("unsafe-inline"))
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(!page.contains("<style"))
            #expect(!page.contains(" style=\""))
            #expect(!page.contains("<script>"))
            #expect(page.html.matches(of: /(src|href)="https?:/).isEmpty)
        }
    }

    @Test func `a form without this session's token records nothing`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let answers = [
                ("nonce", "n"), ("seen_on", "2026-08"), ("kind", "sponsor"), ("showed_assignment_letter", "false"),
                ("evidence", "third_party"),
            ]
            let without = try await browser.post("/catat/recruiter.sighted", answers)
            #expect(without.status == 403)
            let wrong = try await browser.post("/catat/recruiter.sighted", answers + [("token", "0123")])
            #expect(wrong.status == 403)
        }
        #expect(
            try world.node.node.store.logs().allSatisfy {
                $0.log.node != world.node.node.own.node || $0.log.audience == .local
            })
    }

    @Test func `a form sent from another site is refused, and so is another name of this server`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let form = try await browser.get("/catat/recruiter.sighted")
            let crossed = try await browser.post(
                "/catat/recruiter.sighted", form.hidden(action: "/catat/recruiter.sighted"),
                headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(crossed.status == 403)
            let foreign = try await browser.post(
                "/catat/recruiter.sighted", form.hidden(action: "/catat/recruiter.sighted"),
                headers: ["Origin": "http://example.org"])
            #expect(foreign.status == 403)
        }
    }

    @Test func `what people type is text, never markup`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let person = try await Journeys.register(browser, "<script>alert(1)</script> \"Rohmah\"")
            #expect(!person.contains("<script>alert"))
            #expect(person.contains("&lt;script&gt;"))
            let search = try await browser.get("/orang")
            let found = try await browser.submit(search, to: "/orang", [("name", "\"><img src=x>")])
            #expect(!found.contains("<img"))
        }
    }

    @Test func `signing in leads only to pages of this server`() async throws {
        let world = try PageWorld.village()
        try world.accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        try await world.run(signedInAs: nil) { browser in
            let page = try await browser.get("/masuk?lanjut=//example.org/")
            let landed = try await browser.submit(
                page, to: "/masuk", [("name", "Junali"), ("secret", "2846"), ("next", "https://example.org/")],
                follow: false)
            #expect(landed.headers[.location] == "/")
            let cookie = try #require(landed.headers[.setCookie])
            #expect(cookie.contains("HttpOnly"))
            #expect(cookie.contains("SameSite=Strict"))
        }
    }

    @Test func `a server's sign-in page names nobody, also with a single account`() async throws {
        let world = try PageWorld(try TestNode.centre(now: PageWorld.now))
        try world.accounts.add(name: "Arif", secret: "kata sandi panjang", role: "analyst")
        try await world.run(signedInAs: nil) { browser in
            let page = try await browser.get("/masuk")
            #expect(!page.contains("Arif"))
            let wrong = try await browser.submit(page, to: "/masuk", [("name", "arif"), ("secret", "bukan ini juga")])
            #expect(wrong.status == 401)
            #expect(!wrong.contains("Arif"))
        }
    }

    @Test func `a laptop's sign-in page offers the names of colleagues`() async throws {
        let world = try PageWorld.village()
        try world.accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        try await world.run(signedInAs: nil) { browser in
            let page = try await browser.get("/masuk")
            #expect(page.contains(#"value="Junali" checked"#))
        }
    }

    @Test func `nodes on one host keep sessions apart, whatever their ports`() async throws {
        let (first, second) = (try PageWorld.village(), try PageWorld.village())
        var names: Set<String> = []
        for world in [first, second] {
            try world.accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
            names.insert(try await Self.sessionCookie(world, options: .loopback, secret: "2846"))
        }
        #expect(names.count == 2, "two nodes called lontar-a")
        #expect(names.allSatisfy { $0.hasPrefix("simpul-lontar-a-") })
    }

    @Test func `over TLS only this host, over TLS, can set the session`() async throws {
        let world = try PageWorld(try TestNode.centre(now: PageWorld.now))
        try world.accounts.add(name: "Junali", secret: "kata sandi panjang", role: "analyst")
        let name = try await Self.sessionCookie(world, options: .init(isSecure: true), secret: "kata sandi panjang")
        #expect(name.hasPrefix("__Host-simpul-pusat-"))
    }

    /// Signs in and gives the name of the session's cookie, whose attributes are checked.
    private static func sessionCookie(
        _ world: PageWorld, options: Pages.Options, secret: String
    ) async throws -> String {
        let found = Mutex("")
        try await world.run(signedInAs: nil, options: options) { browser in
            let page = try await browser.get("/masuk")
            let landed = try await browser.submit(
                page, to: "/masuk", [("name", "Junali"), ("secret", secret)], follow: false)
            let cookie = try #require(landed.headers[.setCookie])
            #expect(cookie.contains("Path=/"))
            #expect(!cookie.contains("Domain"))
            #expect(cookie.contains("Secure") == options.isSecure)
            found.withLock { $0 = String(cookie.prefix { $0 != "=" }) }
        }
        return found.withLock { $0 }
    }

    @Test func `wrong PINs make the next try wait, and the right one lets in after it`() async throws {
        let world = try PageWorld.village()
        try world.accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        try await world.run(signedInAs: nil) { browser in
            let page = try await browser.get("/masuk")
            for _ in 0..<3 {
                let wrong = try await browser.submit(page, to: "/masuk", [("name", "Junali"), ("secret", "1111")])
                #expect(wrong.status == 401)
            }
            let waiting = try await browser.submit(page, to: "/masuk", [("name", "Junali"), ("secret", "2846")])
            #expect(waiting.status == 429)
            #expect(waiting.headers[.retryAfter] != nil)
        }
    }

    @Test func `a role without a part in cases sees none`() async throws {
        let world = try PageWorld.village()
        try world.accounts.add(name: "Sekdes", secret: "9052", role: "kkn_student")
        try await world.run(signedInAs: nil) { browser in
            let page = try await browser.get("/masuk")
            let board = try await browser.submit(page, to: "/masuk", [("name", "Sekdes"), ("secret", "9052")])
            #expect(board.contains("Papan hari ini"))
            #expect(!board.contains("Kasus menunggu"))
            #expect(try await browser.get("/kasus").status == 403)
            #expect(try await browser.get("/catat/case.opened").status == 403)
        }
    }

    @Test func `unknown pages and records say so`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            for path in [
                "/tidak-ada", "/orang/00000000-0000-4000-8000-000000000000", "/catat/no.such_type", "/catatan/x/y/z/0",
            ] {
                let page = try await browser.get(path)
                #expect(page.status == 404, "\(path)")
                #expect(page.contains("Tidak ditemukan"), "\(path)")
            }
        }
    }

    @Test func `English is a choice that stays`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let board = try await browser.get("/")
            #expect(board.contains(#"<html lang="id">"#))
            let english = try await browser.submit(board, to: "/bahasa", [("language", "en")])
            #expect(english.contains("Today's board") || english.contains("Today&#39;s board"))
            #expect(try await browser.get("/orang").contains(#"<html lang="en">"#))
        }
    }
}
