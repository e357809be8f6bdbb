import Testing

/// The journeys of an organizer, played over HTTP without any script.
@Suite struct VillageJourneyTests {
    @Test func `the first start asks for the first organizer and then shows the board`() async throws {
        let world = try PageWorld.village()
        try await world.run(signedInAs: nil) { browser in
            let first = try await browser.get("/")
            #expect(first.path == "/mulai")
            let board = try await browser.submit(
                first, to: "/mulai",
                [("name", "Junali"), ("role", "community_organizer"), ("secret", "2846"), ("again", "2846")])
            #expect(board.path == "/")
            #expect(board.contains("Papan hari ini"))
            #expect(board.contains("Jumat, 14 Agustus 2026"))
        }
    }

    @Test func `a person is registered at the door with consent and visit, and found by a part of the name`()
        async throws
    {
        let world = try PageWorld.village()
        try await world.run { browser in
            let person = try await Journeys.register(browser, "Rohmah Wulandari")
            #expect(person.contains("Rohmah Wulandari"))
            #expect(person.contains("Tersimpan di laptop ini"))
            #expect(person.contains("3 catatan"))
            let search = try await browser.get("/orang")
            let found = try await browser.submit(search, to: "/orang", [("name", "wulan")])
            #expect(found.contains("Rohmah Wulandari"))
            #expect(found.contains("1 orang ditemukan"))
        }
    }
}

enum Journeys {
    /// J1: consent, person and visit in two steps.
    static func register(_ browser: PageBrowser, _ name: String) async throws -> PageBrowser.Page {
        let consent = try await browser.get("/orang/baru")
        let second = try await browser.submit(
            consent, to: "/orang/baru",
            [
                ("consent.purposes", "protection"), ("consent.purposes", "referral"),
                ("consent.form", "witnessed_oral"),
                ("consent.language", "jv"), ("consent.given_by", "self"), ("consent.witness", "Sekdes Lontar"),
            ])
        return try await browser.submit(
            second, to: "/orang/baru/simpan",
            [
                ("person.full_name", name), ("person.birth_year", "1998"), ("person.sex", "F"), ("person.role", "cpmi"),
                ("person.stage", "before"), ("person.hamlet", "RT 03/RW 01"), ("person.phone", "0812-0000-0001"),
                ("person.nik", "3604134107989999"), ("visit.purpose", "first_contact"), ("visit.channel", "home"),
                ("visit.started_at", "2026-08-14T09:30"), ("visit.next_visit_on", "2026-08-28"),
                ("visit.note", "Suami ikut mendengarkan"),
            ])
    }
}
