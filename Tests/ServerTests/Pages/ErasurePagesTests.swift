import Event
import Foundation
import Node
import Store
import TestKit
import Testing

/// Erasing a person over HTTP: who may, what is said, and what everyone sees afterwards.
@Suite struct ErasurePagesTests {
    private let hub: TestNode
    private let village: TestNode
    private let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"

    init() throws {
        hub = try TestNode.centre(now: PageWorld.now).child(
            "hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
        village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: PageWorld.now)
        try village.record(
            "person.registered", subject: person,
            [
                "full_name": "Rohmah Kanari", "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "lawful_basis": "public_task", "source": "home",
            ], role: "community_organizer")
        try sync()
    }

    private func sync() throws {
        for _ in 0..<2 {
            try village.carry(to: hub)
            try hub.carry(to: village)
        }
        try hub.node.project()
        try village.node.project()
    }

    @Test func `an officer orders an erasure, sees who has carried it out, and the name is gone`() async throws {
        try await PageWorld(hub).run(signedInAs: "dewi") { browser in
            let file = try await browser.get("/orang/\(person)")
            #expect(file.contains("Rohmah Kanari") && file.contains("/orang/\(person)/hapus"))
            let form = try await browser.get("/orang/\(person)/hapus")
            #expect(form.contains("Tidak ada permintaan yang tercatat"))
            let missing = try await browser.submit(form, to: "/orang/\(person)/hapus", [])
            #expect(missing.status == 422 && missing.contains("Pilih alasannya"))
            _ = try await browser.submit(form, to: "/orang/\(person)/hapus", [("reason", "request")])
            try hub.node.project()
            let progress = try await browser.get("/penghapusan")
            #expect(progress.contains("diperintahkan") && progress.contains("lontar-a"))
            #expect(!progress.contains("Rohmah"))
            let after = try await browser.get("/orang/\(person)")
            #expect(after.contains("[dihapus]") && !after.contains("Rohmah"))
        }
        try sync()
        try await PageWorld(village).run { browser in
            let people = try await browser.get("/orang")
            #expect(people.contains("[dihapus]") && !people.contains("Rohmah"))
        }
    }

    @Test func `a refusal needs its ground and is recorded`() async throws {
        try await PageWorld(hub).run(signedInAs: "dewi") { browser in
            let form = try await browser.get("/orang/\(person)/hapus")
            let missing = try await browser.submit(form, to: "/orang/\(person)/hapus/tolak", [])
            #expect(missing.status == 422 && missing.contains("Alasan penolakan belum diisi"))
            _ = try await browser.submit(
                form, to: "/orang/\(person)/hapus/tolak", [("ground", "perkara masih berjalan")])
            try hub.node.project()
            #expect(try await browser.get("/penghapusan").contains("ditolak"))
            #expect(try await browser.get("/orang/\(person)").contains("Rohmah Kanari"))
        }
    }

    @Test func `nobody at a village is offered it`() async throws {
        try await PageWorld(village).run { browser in
            let file = try await browser.get("/orang/\(person)")
            #expect(!file.contains("/hapus"))
            #expect(try await browser.get("/orang/\(person)/hapus").status == 404)
        }
    }
}
