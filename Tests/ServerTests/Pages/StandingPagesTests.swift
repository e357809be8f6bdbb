import Catalogue
import Event
import Foundation
import Mustache
import Store
import Sync
import TestKit
import Testing

@testable import Node
@testable import Server

/// What is not as usual stands on the first page, with what to do.
@Suite struct StandingPagesTests {
    private func remember(_ node: Node, _ change: (inout PeerMemory) -> Void) throws {
        var peer = try node.store.peer(try #require(try node.parent()).node)
        change(&peer)
        try node.store.save(peer)
    }

    private static func stamp(_ date: Date = PageWorld.now()) -> String {
        DateTime(milliseconds: Int64(date.timeIntervalSince1970) * 1_000).description
    }

    @Test(arguments: NodeCondition.Code.allCases)
    func `every state has a place on the page, with its words and its next step`(code: NodeCondition.Code) throws {
        let names = ["days", "n", "why", "reason", "day", "free", "hours", "nodes", "names", "node", "epoch"]
        let templates = try Templates(PageResources.bundled())
        for language in Language.allCases {
            let condition = NodeCondition(
                code, at: .village, about: "lontar-a",
                Dictionary(uniqueKeysWithValues: names.map { ($0, LocalizedText(id: "satu", en: "one")) }))
            let view = ConditionView(condition, language, since: "hari ini")
            let html = try templates.render("condition", Mirror.members(of: view))
            #expect(html.contains(#"data-condition="\#(code.rawValue)""#))
            for text in [condition.what[language], condition.next[language]] {
                #expect(html.contains(text.replacing("'", with: "&#39;").replacing("\"", with: "&quot;")), "\(html)")
            }
            #expect(html.contains("urgent") == condition.isUrgent)
        }
    }

    @Test func `a village that never synced is told so on its board, and promised nothing`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            _ = try await Journeys.register(browser, "Rohmah Wulandari")
            let board = try await browser.get("/")
            #expect(board.contains("Belum pernah tersambung dengan hub"))
            #expect(board.contains("terkirim pada sinkron berikutnya (simpul sync)"))
            #expect(!board.contains("terkirim sendiri"))
            let schedule = try SyncSchedule(keeping: world.node.node.folder)
            defer { schedule.end() }
            #expect(try await browser.get("/").contains("terkirim sendiri"))
        }
    }

    @Test func `a laptop that its hub revoked says so, and what to do, in Indonesian`() async throws {
        let live = try await LiveWorld()
        let village = try await live.village("lontar-a")
        try await LiveWorld.sync(village)
        try live.hub.recorder.record(
            Draft(
                type: "node.revoked", subject: "lontar-a",
                data: [
                    "node": "lontar-a", "epoch": .string(village.own.epoch.description), "reason": "lost",
                    "at": .string(DateTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)).description),
                ], actor: "dewi", role: "hub_officer"))
        try village.recordExample()
        await #expect(throws: NodeError.self) { try await LiveWorld.sync(village) }
        try await PageWorld(TestNode(village)).run { browser in
            let board = try await browser.get("/")
            #expect(board.contains("Laptop ini dicabut") && board.contains("Tidak ada yang hilang. Telepon hub"))
            #expect(board.contains("simpul bundle export"))
            #expect(board.contains("Yang harus dilakukan"))
            #expect(!board.contains("terkirim") && !board.contains("revoked-node") && !board.contains("refused"))
        }
    }

    @Test func `a failed sync is shown although an earlier clock ran ahead`() async throws {
        let world = try PageWorld.village()
        let node = world.node.node
        try remember(node) {
            $0.lastContact = Self.stamp(PageWorld.now() + 3_650 * 86_400)
            ($0.lastFailure, $0.failureReason) = (Self.stamp(), "refuses connections")
            $0.failureCode = NodeCondition.Code.serverOff.rawValue
        }
        try await world.run { browser in
            let board = try await browser.get("/")
            #expect(board.contains("server hub tidak menjawab") && board.contains("Jam laptop berubah"))
            #expect(!board.contains("Terhubung dengan hub") && !board.contains("refuses connections"))
        }
    }

    @Test func `a copied laptop, and attachments that wait, stand on the board`() async throws {
        let first = try PageWorld.village().node
        try first.node.close()
        let copy = try first.restored(try first.copy(), now: PageWorld.now)
        try copy.node.blobs.send(String(repeating: "a", count: 64))
        try await PageWorld(copy).run { browser in
            let board = try await browser.get("/")
            #expect(board.contains("Folder ini salinan") && board.contains("Pakai satu saja dari kedua salinan itu"))
            #expect(board.contains("1 lampiran masih di sini"))
            let english = try await browser.get("/?bahasa=en")
            #expect(english.status == 200)
        }
    }

    @Test func `the locked page names the command that takes the hub's code`() async throws {
        let world = try PageWorld.village()
        let vault = world.node.node.vault
        defer { try? vault.lock() }
        _ = try world.node.node.setPassphrase(Passphrase("ladang padi di pagi hari"))
        try await world.run { browser in
            try vault.lock()
            let gate = try await browser.get("/buka")
            #expect(gate.contains("Telepon hub") && gate.contains("simpul recover"))
        }
    }

    @Test func `an erasure that is late stands on the hub's morning page, without a name`() async throws {
        let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
        let hub = try TestNode.centre(now: PageWorld.now).child(
            "hub-serang", region: "36.04", role: .hub, now: PageWorld.now)
        let village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: PageWorld.now)
        try village.record(
            "person.registered", subject: person,
            [
                "full_name": "Rohmah Kanari", "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "lawful_basis": "public_task", "source": "home",
            ], role: "community_organizer")
        try village.carry(to: hub)
        try hub.node.order(hub.node.planErasure(of: person), reason: "request", actor: "dewi", role: "hub_officer")
        try hub.node.project()
        try await PageWorld(hub).run(signedInAs: "dewi") { browser in
            let due = try await browser.get("/")
            #expect(due.contains("sedang berjalan") && due.contains("sisa 72 jam"))
        }
        try hub.node.close()
        let later = try hub.restored(hub.folder) { PageWorld.now() + 100 * 3_600 }
        try await PageWorld(later).run(signedInAs: "dewi") { browser in
            let late = try await browser.get("/")
            #expect(late.contains("lewat batas hukum 72 jam") && late.contains("lewat 28 jam"))
            #expect(late.contains("lontar-a") && late.contains("Penghapusan") && !late.contains("Rohmah"))
        }
    }
}

extension Mirror {
    /// A view's members by name, as templates reach them.
    fileprivate static func members(of view: Any) -> [String: Any] {
        Dictionary(
            uniqueKeysWithValues: Mirror(reflecting: view).children.compactMap { child in
                child.label.map { ($0, child.value) }
            })
    }
}
