import Event
import Foundation
import Testing

@testable import ReadModels

/// Counting by the region codes in force on a day: totals are those of the codes recorded, whatever was divided or merged.
@Suite struct EditionTests {
    private let today: LocalDay
    private let folder: TestFolder
    private let engine: ModelEngine
    private let centre: LogWriter
    private var runs: [(log: LogName, first: Int64, lines: [[UInt8]])] = []

    init() throws {
        today = try #require(LocalDay("2026-08-10"))
        folder = try TestFolder()
        engine = try folder.engine()
        centre = try LogWriter("pusat/id:main/00000000000000aa")
    }

    private mutating func depart(_ village: String, _ count: Int, month: String = "2026-07") throws {
        let epoch = String(repeating: "0", count: 12) + village.suffix(4)
        let log = try LogWriter("desa-\(village.replacing(".", with: ""))/\(village):main/\(epoch)")
        for number in 1...count {
            try log.add(
                "departure.recorded", subject: UUID().uuidString.lowercased(), occurred: "\(month)-\(9 + number)",
                data: [
                    "person_id": .string(UUID().uuidString.lowercased()), "episode_id": "e",
                    "left_on": .string("\(month)-\(9 + number)"), "country": "SA", "visa": "work",
                    "legal_status": number.isMultiple(of: 2) ? "procedural" : "non_procedural", "evidence": "family",
                ])
        }
        runs.append(log.run())
    }

    private mutating func supersede(_ old: String, _ new: [String], on day: String) throws {
        try centre.add(
            "reference.region_code_superseded", subject: old, occurred: day,
            data: [
                "old_code": .string(old), "new_codes": .array(new.map { ["code": .string($0)] }),
                "effective_on": .string(day), "decree": "Contoh",
            ], role: "central_officer")
        runs.append(centre.run())
    }

    private func ask(_ model: String, edition: String? = nil, asOf: AsOf = .now) throws -> Answer {
        _ = try engine.advance(from: ArrayIntake(runs))
        var query = ModelQuery(model, asOf: asOf, scope: .nation, reader: .holder, today: today)
        query.edition = try edition.map { try #require(LocalDay($0)) }
        return try engine.reader.query(query)
    }

    private func counts(_ answer: Answer, by column: String = "village") -> [String: Int64] {
        answer.rows.indices.reduce(into: [:]) { counts, row in
            counts[answer[row, column]?.text ?? "", default: 0] += answer[row, "departures"]?.integer ?? 0
        }
    }

    @Test mutating func `villages that merge are one in the new edition, with the same total and shares of the sum`()
        throws
    {
        try depart("36.04.13.2007", 3)
        try depart("36.04.13.2008", 2)
        try depart("36.04.12.2003", 4)
        let before = try ask("departures_by_month", edition: "2026-08-01")
        #expect(counts(before) == ["36.04.13.2007": 3, "36.04.13.2008": 2, "36.04.12.2003": 4])
        try supersede("36.04.13.2007", ["36.04.13.2010"], on: "2026-08-01")
        try supersede("36.04.13.2008", ["36.04.13.2010"], on: "2026-08-01")
        let recorded = try ask("departures_by_month")
        let new = try ask("departures_by_month", edition: "2026-08-01")
        #expect(counts(recorded) == counts(before))
        #expect(counts(new) == ["36.04.13.2010": 5, "36.04.12.2003": 4])
        let merged = try #require(new.rows.indices.first { new[$0, "village"]?.text == "36.04.13.2010" })
        #expect(new[merged, "nonprocedural_share"] == 6_000)
        #expect(new.edition?.unassigned == [])
        // Not in force yet.
        #expect(counts(try ask("departures_by_month", edition: "2026-07-31")) == counts(recorded))
    }

    @Test mutating func `a village that is divided keeps what cannot be told apart under its old code`() throws {
        try depart("36.04.13.2007", 3)
        try supersede("36.04.13.2007", ["36.04.13.2011", "36.04.13.2012"], on: "2026-08-01")
        try depart("36.04.13.2011", 2, month: "2026-08")
        let new = try ask("departures_by_month", edition: "2026-08-01")
        #expect(counts(new) == ["36.04.13.2007": 3, "36.04.13.2011": 2])
        #expect(new.edition?.unassigned == ["36.04.13.2007"])
        #expect(counts(new).values.reduce(0, +) == counts(try ask("departures_by_month")).values.reduce(0, +))
    }

    @Test mutating func `a village that goes to another regency counts there, also in the table of regencies`() throws {
        try depart("36.04.13.2007", 3)
        try depart("36.04.13.2008", 2)
        try supersede("36.04.13.2007", ["36.09.01.2001"], on: "2026-08-01")
        #expect(counts(try ask("departures_by_regency"), by: "regency") == ["36.04": 5])
        let new = try ask("departures_by_regency", edition: "2026-08-01")
        #expect(counts(new, by: "regency") == ["36.04": 2, "36.09": 3])
    }

    @Test mutating func `a district that is renamed takes its villages along; of two that merge the whole is certain`()
        throws
    {
        try depart("36.04.13.2007", 3)
        try depart("36.04.12.2003", 4)
        try supersede("36.04.13", ["36.04.24"], on: "2026-08-01")
        #expect(
            counts(try ask("departures_by_month", edition: "2026-08-01"))
                == ["36.04.24.2007": 3, "36.04.12.2003": 4])
        try supersede("36.04.12", ["36.04.24"], on: "2026-08-02")
        #expect(counts(try ask("departures_by_month", edition: "2026-08-02")) == ["36.04.24": 7])
    }

    @Test mutating func `codes renamed twice, and in a circle, come to an end`() throws {
        try depart("36.04.13.2007", 3)
        try supersede("36.04.13.2007", ["36.04.13.2010"], on: "2026-07-01")
        try supersede("36.04.13.2010", ["36.04.13.2020"], on: "2026-08-01")
        #expect(counts(try ask("departures_by_month", edition: "2026-07-15")) == ["36.04.13.2010": 3])
        #expect(counts(try ask("departures_by_month", edition: "2026-08-01")) == ["36.04.13.2020": 3])
        try supersede("36.04.13.2020", ["36.04.13.2007"], on: "2026-08-05")
        #expect(counts(try ask("departures_by_month", edition: "2026-08-05")).values.reduce(0, +) == 3)
    }

    @Test mutating func `as of a cut the edition is that known then`() throws {
        try depart("36.04.13.2007", 3)
        let cut = try ask("departures_by_month").cut
        try supersede("36.04.13.2007", ["36.04.13.2010"], on: "2026-08-01")
        try depart("36.04.13.2008", 2)
        let now = try ask("departures_by_month")
        #expect(
            counts(try ask("departures_by_month", edition: "2026-08-01", asOf: AsOf(cut: cut)))
                == ["36.04.13.2007": 3])
        #expect(
            counts(try ask("departures_by_month", edition: "2026-08-01", asOf: AsOf(cut: now.cut - 1)))
                == ["36.04.13.2010": 3])
        #expect(
            counts(try ask("departures_by_month", edition: "2026-08-01"))
                == ["36.04.13.2010": 3, "36.04.13.2008": 2])
    }

    @Test mutating func `released statistics have one edition`() throws {
        try depart("36.04.13.2007", 3)
        for model in ["statistics", "statistics_by_regency"] {
            let error = #expect(throws: ReadModelError.self) { try ask(model, edition: "2026-08-01") }
            #expect(error?.description.contains("as recorded") == true)
        }
    }

    @Test mutating func `every model that names a region gives an answer in another edition`() throws {
        let world = try World(seed: 5)
        try world.work(300)
        let other = try folder.engine(name: "world.db")
        _ = try other.advance(from: world.arrival(seed: 5))
        for model in try other.reader.models() where !["released", "program"].contains(model.topic) {
            var query = ModelQuery(model.name, scope: .nation, reader: .holder, today: today)
            let recorded = try other.reader.query(query)
            query.edition = today
            #expect(try other.reader.query(query).rows == recorded.rows, "\(model.name)")
        }
    }
}
