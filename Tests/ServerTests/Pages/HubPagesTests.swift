import Catalogue
import Event
import Foundation
import HTTPTypes
import Node
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Server

/// The hub's morning page and its work on cases, down to what the village sees of it.
@Suite struct HubPagesTests {
    private struct Region {
        let centre: TestNode
        let hub: TestNode
        let village: TestNode

        init() throws {
            centre = try TestNode.centre(now: PageWorld.now)
            hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
            village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: PageWorld.now)
        }

        func sync() throws {
            try village.carry(to: hub)
            _ = try hub.node.project()
            try hub.carry(to: village)
            _ = try village.node.project()
        }
    }

    @Test func `a case comes up, is triaged and assigned, and the village sees the task`() async throws {
        let region = try Region()
        let village = try PageWorld(region.village)
        try await village.run { browser in
            let person = try await Journeys.register(browser, "Rohmah Wulandari")
            _ = try await Journeys.screen(browser, person)
            let id = person.path.split(separator: "/").last?.prefix { $0 != "?" } ?? ""
            let form = try await browser.get("/catat/case.opened?orang=\(id)")
            try await browser.submit(
                form, to: "/catat/case.opened?orang=\(id)",
                [
                    ("opened_on", "2026-08-14"), ("reporter_kind", "organizer"), ("kind", "illegal_recruitment"),
                    ("stage", "before"), ("summary", "Visa ziarah"), ("immediate_danger", "true"),
                    ("safe_channel", "phone"),
                ])
        }
        try region.sync()
        try await PageWorld(region.hub).run(signedInAs: "dewi") { browser in
            let morning = try await browser.get("/")
            #expect(morning.contains("Halaman pagi"))
            #expect(morning.contains("Rohmah Wulandari"))
            #expect(morning.contains("Perlu dipilah"))
            let file = try #require(morning.first(#"href="(/kasus/[0-9a-f-]{36})""#))
            let id = file.split(separator: "/")[1]
            let triage = try await browser.get("/catat/case.triaged?kasus=\(id)")
            let triaged = try await browser.submit(
                triage, to: "/catat/case.triaged?kasus=\(id)",
                [
                    ("triaged_at", "2026-08-14T10:00"), ("severity", "emergency"), ("family", "rights"),
                    ("owner_unit", "BP3MI Banten"), ("sla_due_at", "2026-08-14T11:00"),
                    ("possible_trafficking", "true"),
                ])
            #expect(triaged.status == 200)
            let assign = try await browser.get("/catat/case.assigned?kasus=\(id)")
            let assigned = try await browser.submit(
                assign, to: "/catat/case.assigned?kasus=\(id)",
                [
                    ("to_village", "36.04.13.2007"), ("assigned_at", "2026-08-14T10:05"), ("task", "accompany"),
                    ("due_on", "2026-08-15"), ("urgent", "true"), ("instruction", "Dampingi Rohmah ke kantor desa"),
                ])
            #expect(assigned.status == 200, "\(assigned.html)")
        }
        let written = try region.hub.node.store.logs().map(\.log).filter { $0.node == region.hub.node.own.node }
        #expect(written.contains { $0.audience.description == "36.04.13.2007" })
        try region.sync()
        try await village.run { browser in
            let board = try await browser.get("/")
            #expect(board.contains("Kabar dari hub"))
            let file = try #require(board.first(#"href="(/kasus/[0-9a-f-]{36})""#))
            let page = try await browser.get(file)
            #expect(page.contains("Tugas dari hub"))
            #expect(page.contains("Dampingi Rohmah ke kantor desa"))
            let screening = try #require(board.first(#"id="risks-title"[\s\S]*?href="(/catatan/[^"]*)""#))
            let result = try await browser.get(screening)
            #expect(result.contains("Kasusnya sudah dibuka: lihat"))
            #expect(!result.contains("Buka kasus sekarang"))
        }
        try await PageWorld(region.hub).run(signedInAs: "dewi") { browser in
            let cases = try await browser.get("/kasus")
            let id = try #require(cases.first(#"href="/kasus/([0-9a-f-]{36})""#))
            let form = try await browser.get("/catat/case.closed?kasus=\(id)")
            let closed = try await browser.submit(
                form, to: "/catat/case.closed?kasus=\(id)",
                [("reason", "resolved"), ("closed_at", "2026-08-14T10:20"), ("complainant_informed", "true")])
            #expect(closed.contains("Tersimpan"))
        }
        try region.sync()
        try await village.run { browser in
            let board = try await browser.get("/")
            #expect(board.contains("Kabar dari hub"))
            #expect(!board.contains("Perlu didatangi lebih dulu"), "its case was closed after the screening")
        }
    }

    @Test(arguments: ["penggerak", "village_head", "satgas_officer", "central_officer", "partner_viewer"])
    func `a role without a part in persons finds no name on any page`(_ role: String) async throws {
        let region = try Region()
        let (path, id) = try await Self.registered(region)
        let world = try PageWorld(region.hub)
        try world.accounts.add(name: "Tamu", secret: "kata sandi panjang", role: role)
        try await world.run(signedInAs: "Tamu") { browser in
            #expect(try await browser.get("/orang").status == 403)
            for address in [
                "/", "/orang/\(id)", "/kasus", path, "\(path)/perbaiki", "/catat/visit.recorded?orang=\(id)",
                "/catat/recruiter.sighted?orang=\(id)", "/catat/case.opened?orang=\(id)", "/catat/case.opened",
            ] {
                let page = try await browser.get(address)
                #expect(!page.contains("Wulandari"), "\(address) as \(role)")
            }
        }
    }

    @Test func `an officer of one district finds nobody of another`() async throws {
        let region = try Region()
        let (path, id) = try await Self.registered(region)
        let world = try PageWorld(region.hub)
        try world.accounts.add(
            name: "Tetangga", secret: "kata sandi panjang", role: "hub_officer", region: try RegionCode("36.04.12"))
        try world.accounts.add(
            name: "Sendiri", secret: "kata sandi panjang", role: "hub_officer", region: try RegionCode("36.04.13"))
        try await world.run(signedInAs: "Tetangga") { browser in
            #expect(try await browser.get("/orang").status == 200)
            for address in ["/orang", "/orang/\(id)", path, "/catat/case.opened", "/catat/case.opened?orang=\(id)"] {
                let page = try await browser.get(address)
                #expect(!page.contains("Wulandari"), "\(address)")
            }
        }
        try await world.run(signedInAs: "Sendiri") { browser in
            let people = try await browser.get("/orang")
            #expect(people.contains("Rohmah Wulandari"))
        }
    }

    /// Somebody is registered in the village and known at the hub: the record's page and the person's UUID.
    private static func registered(_ region: Region) async throws -> (path: String, id: String) {
        try await PageWorld(region.village).run { browser in
            _ = try await Journeys.register(browser, "Rohmah Wulandari")
        }
        try region.sync()
        var found: (path: String, id: String)?
        for row in try region.hub.node.store.logs() {
            for sequence in 0..<row.size {
                guard let bytes = try region.hub.node.store.line(row.log, sequence) else { continue }
                let line = try JSON.parse(bytes)
                guard line["type"] == "person.registered", let id = line["subject"]?.stringValue else { continue }
                found = (RecordKey(log: row.log, sequence: sequence).path, id)
            }
        }
        return try #require(found)
    }

    @Test func `rows of persons on a page leave a line, and those of many need a second person`() async throws {
        let centre = try TestNode.centre(now: PageWorld.now)
        let type = try #require(centre.node.catalogue.types["person.registered"])
        let ids = (0..<(Node.exportLimit + 30)).map { _ in UUID().uuidString.lowercased() }
        try Everything.atHub(
            of: centre.node,
            try ids.map { id in
                Draft(
                    type: type.name, subject: id,
                    data: type.example.setting("full_name", to: "Orang Rekaan")
                        .setting("lawful_basis", to: "public_task"), actor: "co-1", role: "community_organizer",
                    audience: try RegionCode(QueryServer.lontar))
            })
        let world = try PageWorld(centre)
        let account = try world.accounts.add(name: "Sari", secret: "kata sandi panjang", role: "hub_head")
        try await world.run(signedInAs: "Sari") { browser in
            let one = try await browser.get("/tanya/person_state?filter=person%3D\(ids[0])")
            #expect(one.contains(ids[0]))
            _ = try centre.node.project()
            let readings = try centre.node.readings(of: ids[0])
            #expect(readings.rows.count == 1)
            #expect(readings[0, "reader"] == .text(account.actor))
            #expect(readings[0, "resource"] == "model person_state")
            let all = try await browser.get("/tanya/person_state")
            #expect(all.status == 422)
            #expect(!all.contains(ids[1]) && all.contains("export.approved"))
        }
    }

    @Test func `a village that never came is silent on the morning page`() async throws {
        let region = try Region()
        _ = try region.hub.node.project()
        try await PageWorld(region.hub).run(signedInAs: "dewi") { browser in
            let morning = try await browser.get("/")
            #expect(morning.contains("Desa yang diam"))
            #expect(morning.contains("lontar-a"))
            #expect(morning.contains("Tidak ada yang gagal"))
        }
    }

    @Test func `a partner sees released statistics on the centre's pages, no counts in full and no rows of persons`()
        async throws
    {
        let centre = try TestNode.centre(now: PageWorld.now)
        _ = try centre.node.project()
        let world = try PageWorld(centre)
        try world.accounts.add(name: "Mitra", secret: "kata sandi panjang", role: "partner_viewer")
        try await world.run(signedInAs: "Mitra") { browser in
            let models = try await browser.get("/tanya")
            #expect(models.contains("/tanya/statistics"))
            #expect(!models.contains("/tanya/people_by_stage"))
            #expect(!models.contains("/tanya/person_state"))
            #expect(try await browser.get("/tanya/person_state").status == 403)
            #expect(try await browser.get("/tanya/people_by_stage").status == 403)
            #expect(try await browser.get("/tanya/statistics").status == 200)
        }
    }

    @Test func `a published figure that changed shows old, new and why`() async throws {
        let centre = try TestNode.centre(now: PageWorld.now)
        func leave(_ day: String) throws {
            try centre.node.recorder.record([
                QueryServer.departure(day, visa: "work", from: QueryServer.lontar)
            ])
            _ = try centre.node.project()
        }
        try leave("2026-07-03")
        let cut = try centre.node.modelReader.cut
        try centre.record(
            "figure.published",
            [
                "title": "Keberangkatan Juli 2026", "model": "departures_by_month", "key": ["month": "2026-07"],
                "measure": "departures", "value": 1, "cut": .int(cut), "published_on": "2026-08-14",
                "state": "provisional",
            ], role: "central_officer")
        try leave("2026-07-19")
        try await PageWorld(centre).run(signedInAs: "arif") { browser in
            let figures = try await browser.get("/angka")
            #expect(figures.contains("Keberangkatan Juli 2026"))
            #expect(figures.contains("diterbitkan, potongan \(cut)"))
            #expect(figures.contains("19 Juli 2026"))
            #expect(figures.contains("datang kemudian"))
            let link = try #require(figures.first(#"class="old" href="([^"]*)""#))
            let cited = try await browser.get(link.replacingOccurrences(of: "&amp;", with: "&"))
            #expect(cited.contains("Ini jawaban seperti diketahui pada potongan \(cut)"))
            #expect(
                try await browser.get("/tanya/departures_by_month?filter=month%3D2026-07").contains("dinyatakan ulang"))
        }
    }

    @Test func `the centre answers with its completeness and as a file, and shows no name`() async throws {
        let region = try Region()
        try await PageWorld(region.village).run { browser in
            _ = try await Journeys.register(browser, "Rohmah Wulandari")
        }
        try region.sync()
        try region.hub.carry(to: region.centre)
        _ = try region.centre.node.project()
        try await PageWorld(region.centre).run(signedInAs: "arif") { browser in
            let health = try await browser.get("/")
            #expect(health.contains("lontar-a"))
            let answer = try await browser.get("/tanya/people_by_stage")
            #expect(answer.contains("simpul sudah melapor"))
            #expect(answer.contains("36.04.13.2007"))
            #expect(answer.contains("Ditanya lagi dengan potongan ini"))
            for wrong in [
                "filter=nothing%3D1", "filter=village", "sort=nothing", "columns=nothing", "cut=x", "true_at=x",
            ] {
                let page = try await browser.get("/tanya/people_by_stage?" + wrong)
                #expect(page.status == 422, "\(wrong)")
                #expect(page.contains("role=\"alert\""), "\(wrong)")
            }
            let link = try #require(answer.first(#"href="(/q/v1/models/people_by_stage[^"]*format=csv[^"]*)""#))
            let file = try await browser.get(link.replacingOccurrences(of: "&amp;", with: "&"))
            #expect(file.status == 200)
            #expect(file.headers[.contentType]?.hasPrefix("text/csv") == true)
            #expect(file.headers[.contentDisposition]?.contains("people_by_stage-cut") == true)
            #expect(file.contains("36.04.13.2007"))
            #expect(try await browser.get("/tanya/person_state").status == 403)
            #expect(try await browser.get("/orang").html.contains("Rohmah") == false)
        }
    }
}
