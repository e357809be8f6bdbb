import Event
import Testing

@testable import ReadModels

/// A published figure that changes leaves a restatement: old, new, and the lines that changed it.
@Suite struct RestatementTests {
    private let village = "desa-0/36.04.13.2007:main/0000000000000000"
    private let centre = "pusat/id:main/00000000000000cc"

    private func departure(_ log: LogWriter, _ episode: String, on: String, dedupe: String? = nil) throws
        -> LineReference
    {
        try log.add(
            "departure.recorded", subject: episode, occurred: on,
            data: [
                "person_id": "p", "episode_id": .string(episode), "left_on": .string(on), "country": "SA",
                "visa": "ziarah", "legal_status": "unknown", "evidence": "family",
            ], dedupe: dedupe)
    }

    private func publish(_ log: LogWriter, value: Int64, cut: Int64) throws -> LineReference {
        try log.add(
            "figure.published", subject: "f-1", occurred: "2026-08-10",
            data: [
                "title": "Keberangkatan Juli", "model": "departures_by_month",
                "key": ["regency": "36.04", "month": "2026-07"], "measure": "departures", "value": .int(value),
                "cut": .int(cut), "published_on": "2026-08-10", "state": "provisional",
            ])
    }

    @Test func lateCorrectedAndRetractedLinesAreNamed() throws {
        let log = try LogWriter(village)
        let other = try LogWriter("hub/36.04.13.2007:main/00000000000000aa")
        let office = try LogWriter(centre)
        let moved = try departure(log, "e-1", on: "2026-07-03")
        let mistaken = try departure(log, "e-2", on: "2026-07-04")
        _ = try departure(log, "e-3", on: "2026-07-05")
        let twice = try departure(log, "e-4", on: "2026-07-06", dedupe: "k")
        let first = log.run()
        let published = try publish(office, value: 4, cut: 1)
        let correction = try log.correct(moved, patch: ["occurredat": "2026-06-30"])
        let retraction = try log.retract(mistaken)
        let late = try departure(log, "e-5", on: "2026-07-09")
        _ = try departure(log, "e-6", on: "2026-06-09")
        let same = try departure(other, "e-4", on: "2026-07-01", dedupe: "k")
        let intake = ArrayIntake([first, office.run(), log.run(), other.run()])
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: intake)
        let today = try #require(LocalDay("2026-09-30"))

        let found = try engine.reader.restatements(scope: .nation, reader: .holder, today: today, intake: intake)
        #expect(found.count == 1)
        let restatement = try #require(found.first)
        #expect(restatement.published == published)
        #expect(restatement.old == 4)
        #expect(restatement.new == 3)
        let causes = Dictionary(uniqueKeysWithValues: restatement.changes.map { ($0.line, $0) })
        #expect(causes[moved]?.cause == .corrected)
        #expect(causes[moved]?.by == correction)
        #expect(causes[mistaken]?.cause == .retracted)
        #expect(causes[mistaken]?.by == retraction)
        #expect(causes[late]?.cause == .late)
        #expect(causes[twice]?.cause == .duplicate)
        #expect(causes[same]?.cause == .late)
        #expect(causes.count == 5)

        let query = ModelQuery(
            "departures_by_month",
            filters: [Filter("regency", .equal, "36.04"), Filter("month", .equal, "2026-07")], scope: .nation,
            reader: .holder, today: today)
        #expect(try engine.reader.query(query).completeness?.state == .restated)
        var then = query
        then.asOf = AsOf(cut: 1)
        #expect(try engine.reader.query(then)[0, "departures"] == 4)
        #expect(try engine.reader.query(then).completeness?.state != .restated)
    }

    @Test func anUnchangedFigureHasNone() throws {
        let log = try LogWriter(village)
        let office = try LogWriter(centre)
        _ = try departure(log, "e-1", on: "2026-07-03")
        let first = log.run()
        _ = try publish(office, value: 1, cut: 1)
        _ = try departure(log, "e-2", on: "2026-06-03")
        let intake = ArrayIntake([first, office.run(), log.run()])
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: intake)
        #expect(
            try engine.reader.restatements(
                scope: .nation, reader: .holder, today: #require(LocalDay("2026-09-30")), intake: intake
            )
            .isEmpty)
    }
}
