import Event
import Foundation
import Node
import Store
import TestKit
import Testing

/// A person whom two villages registered: found at the hub, merged by an officer, erased whole.
@Suite struct LikenessPagesTests {
    private let hub: TestNode
    private let villages: [TestNode]
    private let first = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    private let second = "7c1e8d4f-1b2a-4d3c-8e9f-0a1b2c3d4e5f"
    private let other = "8d2e8d4f-1b2a-4d3c-8e9f-0a1b2c3d4e5f"

    init() throws {
        hub = try TestNode.centre(now: PageWorld.now).child(
            "hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
        let hub = self.hub
        villages = try [("lontar-a", "36.04.13.2007"), ("domas-a", "36.04.12.2003")].map {
            try hub.child($0.0, region: $0.1, role: .village, now: PageWorld.now)
        }
        try register(first, "Rohmah Kanari", phone: "0812-3456-7890", at: villages[0])
        try register(second, "Rohma Kanary", phone: "+62 812 3456 7890", at: villages[1])
        try register(other, "Siti Maryam", phone: "0812-1111-2222", at: villages[1])
        try sync()
    }

    private func register(_ id: String, _ name: String, phone: String, at village: TestNode) throws {
        try village.record(
            "person.registered", subject: id,
            [
                "full_name": .string(name), "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "phone": .string(phone), "domicile_code": .string(village.node.own.region.description),
                "lawful_basis": "public_task", "source": "home",
            ], role: "community_organizer")
    }

    private func sync() throws {
        for village in villages {
            for _ in 0..<2 {
                try village.carry(to: hub)
                try hub.carry(to: village)
            }
        }
        for node in [hub] + villages { try node.node.project() }
    }

    private func merge() async throws {
        try await PageWorld(hub).run(signedInAs: "dewi") { browser in
            let people = try await browser.get("/orang")
            #expect(people.contains("/orang-mirip"))
            let pairs = try await browser.get("/orang-mirip")
            #expect(
                pairs.contains("Rohmah Kanari") && pairs.contains("Rohma Kanary")
                    && pairs.contains("Nomor telepon sama"))
            #expect(!pairs.contains("Siti Maryam"))
            let answer = try await browser.submit(
                pairs, to: "/orang-mirip", [("survivor", first), ("absorbed", second), ("second", "yes")])
            #expect(answer.contains("Tidak ada pendaftaran yang mirip"), "\(answer.html)")
            let again = try await browser.submit(
                pairs, to: "/orang-mirip", [("survivor", first), ("absorbed", second), ("second", "yes")])
            #expect(again.status == 422 && again.contains("Tidak ada yang dicatat"))
        }
        try sync()
    }

    @Test func `a person whom two villages registered is shown once, and either village sees that she is merged`()
        async throws
    {
        try await merge()
        try await PageWorld(hub).run(signedInAs: "dewi") { browser in
            let people = try await browser.get("/orang")
            #expect(people.contains("Rohmah Kanari") && !people.contains("Rohma Kanary"))
            // Her file holds what either registration says.
            let kept = try await browser.get("/orang/\(first)")
            #expect(kept.html.components(separatedBy: "Orang didaftarkan").count == 3, "\(kept.html)")
        }
        try await PageWorld(villages[1]).run { browser in
            let file = try await browser.get("/orang/\(second)")
            #expect(file.contains("terdaftar dua kali"))
        }
    }

    @Test func `no line holds a number, or says by which number they were found alike`() async throws {
        try await merge()
        let text = ["", "-wal"].map { ending in
            FileManager.default.contents(atPath: hub.node.folder.path + "/log.db" + ending).map {
                String(decoding: $0, as: UTF8.self)
            } ?? ""
        }.joined()
        let holds = { (part: String) in text.contains(part) }
        #expect(holds("person.merged"), "else nothing is shown")
        for form in ["81234567890", "0812-3456-7890", "812 3456 7890"] { #expect(!holds(form), "\(form)") }
    }

    @Test func `erasing her erases both registrations, in both villages`() async throws {
        try await merge()
        try hub.node.order(try hub.node.planErasure(of: first), reason: "request", actor: "dewi", role: "hub_officer")
        try sync()
        for node in [hub] + villages {
            for id in [first, second] {
                #expect(
                    try !node.node.keyring.inventory(of: id).contains { $0.isHeld }, "\(id) at \(node.node.own.node)")
            }
        }
        // Who only lives next door keeps hers.
        #expect(try hub.node.keyring.inventory(of: other).contains { $0.isHeld })
    }

    @Test func `nobody at a village is offered it`() async throws {
        try await PageWorld(villages[0]).run { browser in
            let people = try await browser.get("/orang")
            #expect(!people.contains("/orang-mirip"))
            let list = try await browser.get("/orang-mirip")
            #expect(list.status == 404)
        }
    }
}
