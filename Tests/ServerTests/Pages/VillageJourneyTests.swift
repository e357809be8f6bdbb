import Event
import Foundation
import Node
import Store
import Sync
import TestKit
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
            #expect(person.contains("<h1>Rohmah Wulandari</h1>"))
            #expect(person.contains("Tersimpan di laptop ini"))
            #expect(person.contains("3 catatan"))
            let search = try await browser.get("/orang")
            let found = try await browser.submit(search, to: "/orang", [("name", "wulan")])
            #expect(found.path == "/orang")
            #expect(found.contains("Rohmah Wulandari"))
            #expect(found.contains("1 orang ditemukan"))
            let board = try await browser.get("/")
            #expect(board.contains("14 hari lagi"))
        }
    }

    @Test func `a missing answer keeps what was typed and names the field`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let consent = try await browser.get("/orang/baru")
            let second = try await browser.submit(consent, to: "/orang/baru", Journeys.consent)
            let failed = try await browser.submit(
                second, to: "/orang/baru/simpan", [("person.full_name", "Rohmah"), ("visit.channel", "home")])
            #expect(failed.status == 422)
            #expect(failed.contains(#"value="Rohmah""#))
            #expect(failed.contains(##"href="#f-person-birth_year""##))
            #expect(failed.contains("Belum tersimpan"))
            let people = try await browser.get("/orang")
            #expect(people.contains("0 orang tercatat"))
        }
    }

    @Test func `dangerous answers say what to do and open a case filled in`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let person = try await Journeys.register(browser, "Rohmah")
            let result = try await Journeys.screen(browser, person)
            #expect(result.contains("Tingkat risiko: Kritis"))
            #expect(result.contains("Jangan konfrontasi perekrut. Hubungi BP3MI."))
            #expect(result.contains("pemicu keras"))
            let link = try #require(result.first(#"href="(/catat/case.opened\?[^"]*)""#))
            let form = try await browser.get(link.replacingOccurrences(of: "&amp;", with: "&"))
            #expect(form.contains("Rohmah"))
            #expect(form.contains(#"<option value="illegal_recruitment" selected>"#))
            let action = try #require(form.first(#"action="(/catat/case.opened[^"]*)""#))
            let saved = try await browser.submit(
                form, to: action.replacingOccurrences(of: "&amp;", with: "&"),
                [
                    ("opened_on", "2026-08-14"), ("reporter_kind", "organizer"), ("kind", "illegal_recruitment"),
                    ("stage", "before"), ("country", "SA"), ("summary", "Berangkat 26 Agustus dengan visa ziarah"),
                    ("immediate_danger", "true"), ("safe_channel", "phone"),
                ])
            #expect(saved.contains("Tersimpan di laptop ini"))
            let cases = try await browser.get("/kasus")
            #expect(cases.contains("Bahaya sekarang"))
            let board = try await browser.get("/")
            #expect(board.contains("Perlu didatangi lebih dulu"))
            #expect(board.contains("kasus sudah dibuka"))
        }
    }

    @Test func `a form sent twice is recorded once`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let form = try await browser.get("/catat/recruiter.sighted")
            let answers = [
                ("seen_on", "2026-08"), ("kind", "sponsor"), ("showed_assignment_letter", "false"),
                ("evidence", "third_party"),
            ]
            async let first = browser.submit(form, to: "/catat/recruiter.sighted", answers)
            async let second = browser.submit(form, to: "/catat/recruiter.sighted", answers)
            let saved = try await [first, second]
            #expect(saved[0].path == saved[1].path)
            let again = try await browser.submit(form, to: "/catat/recruiter.sighted", answers)
            #expect(again.path == saved[0].path)
        }
        let logs = try world.node.node.store.logs().filter {
            $0.log.node == world.node.node.own.node && $0.log.audience != .local
        }
        #expect(logs.map(\.size) == [1])
    }

    @Test func `a correction keeps the old value in the history, and a retraction the record`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let person = try await Journeys.register(browser, "Rohmah")
            let record = try #require(
                person.first(#"href="(/catatan/[^"]*)"><span class="row-head"><span class="row-title">Kunjungan"#))
            let form = try await browser.get(record + "/perbaiki")
            #expect(form.contains("Suami ikut mendengarkan"))
            let unchanged = try await browser.submit(
                form, to: record + "/perbaiki", Journeys.visit(of: form) + [("reason", "wrong_date")])
            #expect(unchanged.status == 422)
            #expect(unchanged.contains("Tidak ada isian yang berubah"))
            let corrected = try await browser.submit(
                form, to: record + "/perbaiki",
                Journeys.visit(of: form, startedAt: "2026-08-13T16:10", note: "Suami tidak di rumah")
                    + [("reason", "wrong_date")])
            #expect(corrected.contains("Riwayat perbaikan"))
            #expect(corrected.contains("14 Agustus 2026, 09.30"))
            #expect(corrected.contains("13 Agustus 2026, 16.10"))
            #expect(corrected.contains("Suami tidak di rumah"))
            let ask = try await browser.get(record + "/batalkan")
            let retracted = try await browser.submit(ask, to: record + "/batalkan", [("reason", "wrong_person")])
            #expect(retracted.contains("Catatan ini dibatalkan"))
            #expect(!retracted.contains("/perbaiki"))
        }
    }

    @Test func `without consent information may be given, with no name in it`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            let consent = try await browser.get("/orang/baru")
            let link = try #require(consent.first(#"href="(/catat/information.provided[^"]*)""#))
            let form = try await browser.get(link.replacingOccurrences(of: "&amp;", with: "&"))
            let saved = try await browser.submit(
                form, to: "/catat/information.provided?",
                [("provided_on", "2026-08-14"), ("audience", "person"), ("topics", "visa"), ("stage", "before")])
            #expect(saved.contains("Tersimpan di laptop ini"))
        }
    }

    @Test func `a licence is checked offline, for the day asked`() async throws {
        let centre = try TestNode.centre(now: PageWorld.now)
        let hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
        let village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: PageWorld.now)
        try centre.record(
            "p3mi.licence_recorded",
            [
                "p3mi_id": "7b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60", "name": "PT Bahari Karya Mandiri",
                "sip3mi_no": "SIP-1/2025", "status": "valid", "valid_from": "2025-04-01", "valid_to": "2027-03-31",
                "hq_code": "36.04", "countries": ["TW"],
            ], role: "central_officer")
        try centre.carry(to: hub)
        try hub.carry(to: village)
        try await PageWorld(village).run { browser in
            let page = try await browser.get("/izin")
            #expect(page.contains("Daftar dari pusat berisi 1 perusahaan"))
            let good = try await browser.submit(page, to: "/izin", [("name", "bahari"), ("day", "2026-08-14")])
            #expect(good.contains("Berizin sampai 31 Maret 2027"))
            let later = try await browser.submit(page, to: "/izin", [("name", "bahari"), ("day", "2027-04-01")])
            #expect(later.contains("Izinnya habis pada 31 Maret 2027"))
            let none = try await browser.submit(page, to: "/izin", [("name", "Jaya Abadi"), ("day", "2026-08-14")])
            #expect(none.contains("Tidak ada di daftar"))
        }
    }

    @Test func `what a sibling laptop recorded appears, with the name once its key has come`() async throws {
        let centre = try TestNode.centre(now: PageWorld.now)
        let hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
        let first = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: PageWorld.now)
        let second = try hub.child("lontar-b", region: "36.04.13.2007", role: .village, now: PageWorld.now)
        try hub.carry(to: first)
        try await PageWorld(first).run { browser in
            _ = try await Journeys.register(browser, "Siti Maryam")
        }
        try first.carry(to: hub, keys: false)
        try hub.carry(to: second, keys: false)
        try await PageWorld(second).run { browser in
            let locked = try await browser.get("/orang")
            #expect(locked.contains("[tanpa kunci]"))
            try first.carry(to: hub)
            try hub.carry(to: second)
            let opened = try await browser.get("/orang")
            #expect(opened.contains("Siti Maryam"))
            let person = try #require(opened.first(#"href="(/orang/[0-9a-f-]{36})""#))
            let file = try await browser.get(person)
            #expect(
                file.contains("Hub sudah memegangnya")
                    || file.contains(#"<span class="step">Di hub</span> <span class="hidden">sudah"#))
        }
    }
}
