import Catalogue
import Event
import Foundation
import Testing

@testable import ReadModels

@Suite struct QueryTests {
    private let today: LocalDay
    private let folder: TestFolder
    private let engine: ModelEngine

    init() throws {
        today = try #require(LocalDay("2026-08-10"))
        folder = try TestFolder()
        engine = try folder.engine()
        let world = try World(seed: 5)
        try world.work(400)
        _ = try engine.advance(from: world.arrival(seed: 5))
    }

    private func ask(
        _ model: String, _ filters: [String] = [], sort: [String] = [], limit: Int = 1_000, cursor: String? = nil,
        scope: String = "id"
    ) throws -> Answer {
        try engine.reader.query(
            ModelQuery(
                model, filters: filters.map { try Filter(parsing: $0) }, sort: sort.map { SortKey(parsing: $0) },
                limit: limit, cursor: cursor, scope: RegionCode(scope), reader: .holder, today: today))
    }

    @Test func filtersAreConditionsOnColumns() throws {
        let all = try ask("village_risk_board")
        let critical = try ask("village_risk_board", ["band=critical"])
        #expect(critical.rows.count == all.rows.count { $0[3] == "critical" })
        let two = try ask("village_risk_board", ["band=critical,high"])
        #expect(two.rows.count == all.rows.count { $0[3] == "critical" || $0[3] == "high" })
        let rest = try ask("village_risk_board", ["band!=critical,high"])
        #expect(rest.rows.count + two.rows.count == all.rows.count)
        let scored = try ask("village_risk_board", ["score>=50", "village^=36.04.13"])
        for row in scored.rows.indices {
            #expect(try #require(scored[row, "score"]?.integer) >= 50)
            #expect(try #require(scored[row, "village"]?.text).hasPrefix("36.04.13"))
        }
        let stayed = try ask("village_risk_board", ["left_on="])
        #expect(stayed.rows.count == all.rows.count { $0[11] == .null })
    }

    @Test func aValueIsNeverSQL() throws {
        #expect(try ask("village_risk_board", ["band=x' OR '1'='1"]).rows.isEmpty)
        #expect(try ask("village_risk_board", ["band=\"; DROP TABLE log; --"]).rows.isEmpty)
        #expect(throws: ReadModelError.self) { try ask("village_risk_board", ["band) OR (1=1"]) }
    }

    @Test func whatIsUnknownIsNamedWithWhatIsKnown() throws {
        let error = #expect(throws: ReadModelError.self) { try ask("village_risk_board", ["colour=red"]) }
        #expect(error?.description.contains("band") == true)
        #expect(throws: ReadModelError.self) { try ask("village_risk_board", sort: ["colour"]) }
        let model = #expect(throws: ReadModelError.self) { try ask("nothing") }
        #expect(model?.description.contains("case_board") == true)
        #expect(throws: ReadModelError.self) { try ask("village_risk_board", ["score>=many"]) }
        #expect(throws: ReadModelError.self) { try ask("village_risk_board", cursor: "bm90aGluZw") }
    }

    @Test(arguments: [[], ["band"], ["-score", "band"], ["left_on", "-score"]])
    func pagesTogetherAreTheWhole(sort: [String]) throws {
        let whole = try ask("village_risk_board", sort: sort)
        var rows: [[ModelValue]] = []
        var cursor: String?
        repeat {
            let page = try ask("village_risk_board", sort: sort, limit: 3, cursor: cursor)
            #expect(page.rows.count <= 3)
            rows += page.rows
            cursor = page.nextPage
        } while cursor != nil
        #expect(rows == whole.rows)
        #expect(whole.rows.count > 6)
    }

    @Test func aRegionSeesItsOwnRowsOnly() throws {
        for model in [
            "village_risk_board", "case_board", "people_by_stage", "departures_by_month", "kkbm_quarter",
            "visits_due", "person_events", "referral_loop",
        ] {
            let all = try ask(model)
            let column = try #require(all.columns.firstIndex { $0.name == "village" || $0.name == "region" })
            let mine = try ask(model, scope: "36.04.13.2007")
            #expect(!mine.rows.isEmpty, "\(model)")
            #expect(mine.rows == all.rows.filter { $0[column] == "36.04.13.2007" }, "\(model)")
            #expect(
                try ask(model, scope: "36.04").rows.count
                    == all.rows.count { $0[column].text?.hasPrefix("36.04") == true })
            #expect(try ask(model, scope: "36.05").rows.isEmpty, "\(model)")
        }
    }

    @Test func theTimelineOfAPersonHoldsAllThatConcernsThem() throws {
        let person = try #require(try ask("village_risk_board").rows.first?[0].text)
        let events = try ask("person_events", ["person=\(person)"], sort: ["occurred_on"])
        let types = Set(events.rows.compactMap { $0[4].text })
        #expect(types.contains("risk.screened"))
        #expect(events.rows.allSatisfy { $0[2] == .text(person) })
    }
}
