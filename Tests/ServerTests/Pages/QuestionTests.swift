import Event
import Foundation
import Node
import TestKit
import Testing

/// How much is asked, and how it reads: for people with little time, and for those who read slowly.
@Suite struct QuestionTests {
    /// Fields that stand open; those under “more” and those that are known already are not asked.
    private func questions(_ page: PageBrowser.Page) throws -> Int {
        let form = try #require(page.html.components(separatedBy: "class=\"record-form\"").dropFirst().first)
        let asked = form.components(separatedBy: "<details class=\"more\">")[0]
        return asked.components(separatedBy: "class=\"field\"").count - 1
    }

    @Test func `opening a case asks at most five questions`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let person = try await Journeys.register(browser, "Rohmah Wulandari")
            let id = person.path.split(separator: "/").last?.prefix { $0 != "?" } ?? ""
            #expect(try questions(try await browser.get("/catat/case.opened")) == 5)
            let action = "/catat/case.opened?orang=\(id)"
            let form = try await browser.get(action)
            #expect(try questions(form) == 4)
            // What is not asked is filled in: the day, who reports, and the stage she is in.
            #expect(form.contains(#"name="stage" value="before" checked>"#))
            #expect(form.contains(#"<option value="organizer" selected>"#))
            let saved = try await browser.submit(
                form, to: action,
                [
                    ("kind", "illegal_recruitment"), ("summary", "Dikurung di penampungan"),
                    ("immediate_danger", "true"), ("safe_channel", "phone"), ("opened_on", "2026-08-14"),
                    ("reporter_kind", "organizer"), ("stage", "before"),
                ])
            #expect(saved.path.contains("baru=1"), "\(saved.path)")
        }
    }

    @Test func `consent is told in short sentences, each with a picture, in large type`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let page = try await browser.get("/orang/baru")
            let told = page.html.matches(of: /<li><svg[^>]*><use href="#icon-[a-z]+"\/><\/svg>([^<]*)<\/li>/).map(\.1)
            #expect(told.count == 8)
            for sentence in told {
                #expect(sentence.split(separator: " ").count <= 8, "\(sentence)")
                #expect(sentence.hasSuffix("."))
            }
            #expect(told.contains { $0.contains("boleh menolak") })
            #expect(told.contains { $0.contains("berubah pikiran") })
            let href = try #require(page.first(#"href="([^"]*\.css[^"]*)""#))
            let style = try await browser.get(href).html
            let size = try #require(style.firstMatch(of: /\.told \{[^}]*font-size: ([0-9.]+)rem/))
            #expect(try #require(Double(size.1)) >= 1.25)
        }
    }
}
