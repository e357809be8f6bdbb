import Event
import Foundation
import Node
import Store
import TestKit
import Testing

/// An attacker who may ask whatever an analyst may recovers no cell below five; the same attacker succeeds where the
/// protection is taken away, wholly or in part.
@Suite("Attacks on small cells")
struct SmallCellAttackTests {
    private static let villages = ["36.04.13.2007", "36.04.13.2008", "36.04.20.2001", "36.72.01.1001"]
    private static let months = ["2026-07", "2026-08"]

    /// Rounds of work, each followed by a release: departures with few and many of a cell, corrections, retractions.
    private static func work(_ node: Node) throws {
        var random = SeededGenerator(seed: 11)
        var lines: [String] = []
        for round in 0..<6 {
            var drafts: [Draft] = []
            for _ in 0..<Int.random(in: 6...14, using: &random) {
                let village = villages[min(Int.random(in: 0...5, using: &random), 3)]
                let month = months[Int.random(in: 0...1, using: &random)]
                drafts.append(
                    try departure(
                        "\(month)-1\(round)", Attacker.statuses[min(Int.random(in: 0...5, using: &random), 3)], village)
                )
            }
            lines += try node.recorder.record(drafts).map(\.reference.description)
            if let target = lines.randomElement(using: &random), round.isMultiple(of: 2) {
                try node.recorder.record(
                    Draft(
                        type: "record.corrected",
                        data: ["target": .string(target), "reason": "typo", "patch": ["legal_status": "unknown"]],
                        actor: "co-1", role: "community_organizer"))
            }
            _ = try node.releaseStatistics(actor: "pusat", role: "central_officer")
        }
    }

    private static func departure(_ day: String, _ status: String, _ village: String) throws -> Draft {
        var draft = try QueryServer.departure(day, visa: "work", from: village)
        draft.data = draft.data.setting("legal_status", to: .string(status))
        return draft
    }

    private func attack(_ knowing: QueryServer.Knowledge, catalogue: [String: String] = [:]) async throws
        -> Attacker.Loot
    {
        let found = LootBox()
        try await QueryServer.run(knowing: knowing, catalogue: catalogue) { server in
            let attacker = Attacker(
                server: server, login: "analyst@id", villages: Self.villages + [QueryServer.domas],
                months: Self.months + ["2026-09"])
            await found.put(try await attacker.attack())
        }
        return try #require(await found.loot)
    }

    @Test("with everything that an analyst may ask, no cell below five and no smaller difference comes out")
    func protected() async throws {
        let loot = try await attack(.init { try Self.work($0) })
        // The attacker saw statistics, at many cuts.
        #expect(loot.requests > 100 && loot.rows > 50)
        #expect(loot.cells.isEmpty, "\(loot.cells.prefix(5))")
        #expect(loot.differences.isEmpty, "\(loot.differences.prefix(5))")
    }

    @Test("the same attacker succeeds where analysts see counts in full")
    func unprotected() async throws {
        let bundled = try String(
            contentsOf: Repository.root.appending(path: "Sources/Catalogue/Resources/access/roles.json"),
            encoding: .utf8)
        let open = bundled.replacing(
            #""sees": {"reference": {}, "released": {}, "nodes": {"without": ["logs", "lines", "parked"]}}"#,
            with: #""sees": {"reference": {}, "released": {}, "statistics": {}}"#)
        try #require(open != bundled)
        let loot = try await attack(.init { try Self.work($0) }, catalogue: ["access/roles.json": open])
        #expect(loot.cells.count > 20)
        #expect(!loot.differences.isEmpty)
    }

    @Test("the same attacker succeeds where small cells alone are blanked, by their margins")
    func blankedOnly() async throws {
        let blanked = """
            -- model: departures_blanked
            -- version: 1
            -- kind: view
            -- title: Contoh | Example
            -- key: village, regency, month
            -- reads: model departure_counts by village, regency, month
            -- scope: regency
            -- topic: released
            -- column: village region | Desa | Village
            -- column: regency region | Kabupaten | Regency
            -- column: month month | Bulan | Month
            -- column: procedural integer | Prosedural | Procedural
            -- column: suspected integer | Diduga | Suspected
            -- column: departures integer | Semua | All
            SELECT c.village AS village, c.regency AS regency, c.month AS month,
                CASE WHEN c.procedural >= 5 THEN c.procedural END AS procedural,
                CASE WHEN c.suspected >= 5 THEN c.suspected END AS suspected,
                CASE WHEN c.n >= 5 THEN c.n END AS departures
            FROM departure_counts c
            """
        let margins = """
            -- model: departures_margin
            -- version: 1
            -- kind: view
            -- title: Contoh | Example
            -- key: regency, month
            -- reads: model departure_counts by regency, month
            -- scope: regency
            -- topic: released
            -- column: regency region | Kabupaten | Regency
            -- column: month month | Bulan | Month
            -- column: procedural integer | Prosedural | Procedural
            SELECT c.regency AS regency, c.month AS month, SUM(c.procedural) AS procedural
            FROM departure_counts c
            GROUP BY c.regency, c.month
            HAVING SUM(c.procedural) >= 5
            """
        let few = QueryServer.Knowledge { node in
            for (village, count) in [(Self.villages[0], 9), (Self.villages[1], 3)] {
                try node.recorder.record(
                    (0..<count).map { _ in try Self.departure("2026-07-05", "procedural", village) })
            }
        }
        let loot = try await attack(
            few, catalogue: ["models/departures_blanked.sql": blanked, "models/departures_margin.sql": margins])
        let found = loot.cells.filter { $0.key.village == Self.villages[1] }
        #expect(!found.isEmpty && found.allSatisfy { $0.value == 3 })
    }
}

private actor LootBox {
    private(set) var loot: Attacker.Loot?
    func put(_ loot: Attacker.Loot) { self.loot = loot }
}
