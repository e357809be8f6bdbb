import Foundation
import HTTPTypes
import Node
import TestKit
import Testing

@testable import Server

/// How long someone stays signed in, and all that ends it.
@Suite struct StayTests {
    private static let pin = "2846"

    private func signIn(_ browser: PageBrowser, _ pin: String = pin) async throws -> PageBrowser.Page {
        let page = try await browser.get("/masuk")
        return try await browser.submit(page, to: "/masuk", [("name", "Junali"), ("secret", pin)])
    }

    private func isIn(_ browser: PageBrowser) async throws -> Bool { try await browser.get("/orang").path == "/orang" }

    @Test func `signing in again gives another session and ends the one before`() async throws {
        try await PageWorld.village().run { browser in
            let thief = await browser.stolen()
            #expect(try await isIn(thief))
            _ = try await signIn(browser)
            #expect(try await isIn(browser))
            #expect(try await isIn(thief) == false)
        }
    }

    @Test func `signing out ends the session for whoever has its cookie, and clears the browser`() async throws {
        try await PageWorld.village().run { browser in
            let thief = await browser.stolen()
            let left = try await browser.submit(try await browser.get("/orang"), to: "/keluar", [], follow: false)
            #expect(left.headers[.clearSiteData]?.contains("cache") == true)
            #expect(try await isIn(thief) == false)
        }
    }

    @Test func `a new PIN asks for the old one, signs out everywhere else, and is the one that counts`() async throws {
        try await PageWorld.village().run { browser in
            let elsewhere = browser.another()
            _ = try await signIn(elsewhere)
            let page = try await browser.get("/sandi")
            #expect(page.contains("2 tempat"))
            #expect(page.html.matches(of: /terakhir dipakai/).count == 2)
            #expect(page.html.matches(of: /yang ini\)/).count == 1)
            let wrong = try await browser.submit(
                page, to: "/sandi", [("current", "0000"), ("new", "9052"), ("again", "9052")])
            #expect(wrong.status == 401)
            let easy = try await browser.submit(
                page, to: "/sandi", [("current", Self.pin), ("new", "1234"), ("again", "1234")])
            #expect(easy.status == 400)
            let mistyped = try await browser.submit(
                page, to: "/sandi", [("current", Self.pin), ("new", "9052"), ("again", "9053")])
            #expect(mistyped.status == 400)
            let done = try await browser.submit(
                page, to: "/sandi", [("current", Self.pin), ("new", "9052"), ("again", "9052")])
            #expect(done.contains("Sudah diganti"))
            #expect(try await isIn(browser))
            #expect(try await isIn(elsewhere) == false)
            #expect(try await signIn(elsewhere).status == 401)
            #expect(try await signIn(elsewhere, "9052").path == "/")
        }
    }

    @Test func `signing out everywhere asks for the PIN and leaves only this browser in`() async throws {
        try await PageWorld.village().run { browser in
            let elsewhere = browser.another()
            _ = try await signIn(elsewhere)
            let page = try await browser.get("/sandi")
            #expect(try await browser.submit(page, to: "/sesi", [("current", "0000")]).status == 401)
            #expect(try await isIn(elsewhere))
            let done = try await browser.submit(page, to: "/sesi", [("current", Self.pin)])
            #expect(done.contains("1 tempat"))
            #expect(try await isIn(browser))
            #expect(try await isIn(elsewhere) == false)
        }
    }

    @Test func `a password counts as it was typed, spaces and all`() async throws {
        let world = try PageWorld(try TestNode.centre(now: PageWorld.now))
        try world.accounts.add(name: "arif", secret: " sawah hijau di kaki gunung ", role: "analyst")
        try await world.run(signedInAs: nil) { browser in
            let page = try await browser.get("/masuk")
            let trimmed = try await browser.submit(
                page, to: "/masuk", [("name", "arif"), ("secret", "sawah hijau di kaki gunung")])
            #expect(trimmed.status == 401)
            let exact = try await browser.submit(
                page, to: "/masuk", [("name", "arif"), ("secret", " sawah hijau di kaki gunung ")])
            #expect(exact.path == "/")
        }
    }

    @Test func `an account that is switched off, changed or taken away by the operator is out at the next click`()
        async throws
    {
        let world = try PageWorld.village()
        try await world.run { browser in
            try world.accounts.signOutEverywhere(name: "Junali")
            #expect(try await isIn(browser) == false)
            _ = try await signIn(browser)
            #expect(try await isIn(browser))
            try world.accounts.setDisabled(true, name: "Junali")
            #expect(try await isIn(browser) == false)
            #expect(try await signIn(browser).status == 401)
        }
    }

    @Test func `a person has a bounded number of sessions, and a session a bounded length`() throws {
        let moment = Moment()
        let sessions = Sessions(idle: 60, now: { moment.now })
        let world = try PageWorld.village()
        let account = try world.accounts.add(name: "Siti", secret: "2846", role: "community_organizer")
        let first = sessions.start(account)
        for _ in 0..<Sessions.perPerson {
            moment.pass(1)
            _ = sessions.start(account)
        }
        #expect(sessions.session(first.token) == nil)
        #expect(sessions.all(of: account).count == Sessions.perPerson)
        let last = sessions.start(account)
        for _ in 0..<Int(Sessions.longest / 50) + 1 {
            _ = sessions.session(last.token)
            moment.pass(50)
        }
        #expect(sessions.session(last.token) == nil, "in use all the time, and yet too long")
    }
}

/// A clock that the test moves.
private final class Moment: @unchecked Sendable {
    // One test, one thread.
    private(set) var now = Date(timeIntervalSince1970: 1_786_676_400)
    func pass(_ seconds: Double) { now += seconds }
}
