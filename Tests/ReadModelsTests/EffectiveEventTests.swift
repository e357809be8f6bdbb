import Event
import Testing

@testable import ReadModels

/// Corrections, retractions and repeated records, seen through the risk board of one village.
@Suite struct EffectiveEventTests {
    private let village = "desa-0/36.04.13.2007:main/0000000000000000"
    private let person = "11111111-1111-4111-8111-111111111111"

    private func screening(_ score: Int64) -> JSON {
        [
            "person_id": .string(person), "screened_on": "2026-07-10", "stage": "before", "answers": [],
            "safe_to_contact": true, "rules_version": "0.1.0", "score_local": .int(score), "band_local": "high",
            "incomplete_local": false, "reasons_local": ["R01", "R05"], "hard_local": ["R01"],
        ]
    }

    private func board(_ engine: ModelEngine, asOf: AsOf = .now) throws -> Answer {
        try engine.reader.query(
            ModelQuery(
                "village_risk_board", asOf: asOf, scope: .nation, reader: .holder,
                today: #require(LocalDay("2026-08-01"))))
    }

    private func engine(_ folder: TestFolder, _ logs: [LogWriter], name: String = "models.db") throws -> ModelEngine {
        let engine = try folder.engine(name: name)
        var runs: [(log: LogName, first: Int64, lines: [[UInt8]])] = []
        for log in logs {
            for (index, line) in log.lines.enumerated() { runs.append((log.log, Int64(index), [line])) }
        }
        _ = try engine.advance(from: ArrayIntake(runs))
        return engine
    }

    @Test func aCorrectionChangesValuesAndTheMomentItHappened() throws {
        let log = try LogWriter(village)
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        try log.correct(target, patch: ["score_local": 10, "reasons_local": ["R05"], "occurredat": "2026-07-02"])
        let folder = try TestFolder()
        let answer = try board(engine(folder, [log]))
        #expect(answer[0, "score"] == 10)
        #expect(answer[0, "reasons"] == 1)
        #expect(answer[0, "hard"] == 1)
        #expect(answer[0, "screened_on"] == "2026-07-02")
    }

    @Test func whatWasKnownBeforeACorrectionCanBeAskedFor() throws {
        let log = try LogWriter(village)
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        try log.correct(target, patch: ["score_local": 10])
        try log.correct(target, patch: ["score_local": 20])
        let folder = try TestFolder()
        let engine = try engine(folder, [log])
        #expect(try board(engine, asOf: AsOf(cut: 1))[0, "score"] == 50)
        #expect(try board(engine, asOf: AsOf(cut: 2))[0, "score"] == 10)
        #expect(try board(engine, asOf: AsOf(cut: 3))[0, "score"] == 20)
        #expect(try board(engine, asOf: AsOf(cut: 0)).rows.isEmpty)
        #expect(throws: ReadModelError.notYetKnown(cut: 4, newest: 3)) { try board(engine, asOf: AsOf(cut: 4)) }
    }

    @Test func aRetractedRecordIsGoneAndAnUndoneRetractionBringsItBack() throws {
        let log = try LogWriter(village)
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        let retraction = try log.retract(target)
        let folder = try TestFolder()
        let gone = try engine(folder, [log], name: "a.db")
        #expect(try board(gone).rows.isEmpty)
        #expect(try gone.reader.outcome(log.log, 0) == .retracted)
        try log.retract(retraction)
        #expect(try board(engine(folder, [log], name: "b.db"))[0, "score"] == 50)
    }

    @Test func aCorrectionWaitsForItsTarget() throws {
        let log = try LogWriter(village)
        let hub = try LogWriter("hub/36.04:main/00000000000000aa")
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        try hub.correct(target, patch: ["score_local": 10])
        let folder = try TestFolder()
        let engine = try folder.engine()
        let both = ArrayIntake([hub.run(), log.run()])
        _ = try engine.advance(from: both, limit: 1)
        #expect(try engine.reader.parked().map(\.reason) == [.targetMissing])
        #expect(try engine.reader.counted(hub.log).exceptions == [.init(first: 0, last: 0, reason: .targetMissing)])
        _ = try engine.advance(from: both)
        #expect(try engine.reader.parked().isEmpty)
        #expect(try board(engine)[0, "score"] == 10)
    }

    @Test func aCorrectionOfAnotherLineAtThatPlaceIsParked() throws {
        let log = try LogWriter(village)
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        let other = try LineReference(log: target.log, sequence: 0, leafHash: Array(repeating: 7, count: 32))
        try log.correct(other, patch: ["score_local": 10])
        let folder = try TestFolder()
        let engine = try engine(folder, [log])
        #expect(try board(engine)[0, "score"] == 50)
        #expect(try engine.reader.parked().map(\.reason) == [.targetDiffers])
    }

    @Test func aNeighbourCannotCorrect() throws {
        let log = try LogWriter(village)
        let neighbour = try LogWriter("desa-1/36.04.13.2008:main/0000000000000001")
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        try neighbour.retract(target)
        let folder = try TestFolder()
        let engine = try engine(folder, [log, neighbour])
        #expect(try board(engine)[0, "score"] == 50)
        #expect(try engine.reader.parked().map(\.reason) == [.notAllowed])
    }

    @Test func aCorrectionThatBreaksTheRecordIsParkedAndTheOthersStillApply() throws {
        let log = try LogWriter(village)
        let target = try log.add("risk.screened", subject: person, data: screening(50))
        try log.correct(target, patch: ["score_local": "many"])
        try log.correct(target, patch: ["band_local": "low"])
        let folder = try TestFolder()
        let engine = try engine(folder, [log])
        #expect(try board(engine)[0, "score"] == 50)
        #expect(try board(engine)[0, "band"] == "low")
        #expect(try engine.reader.parked().map(\.reason) == [.badPatch])
        #expect(try engine.reader.parked()[0].sequence == 1)
    }

    @Test func aCorrectionCanMendARecordThatCouldNotBeRead() throws {
        let log = try LogWriter(village)
        let target = try log.add("risk.screened", subject: person, data: screening(50).setting("score_local", to: "x"))
        try log.correct(target, patch: ["score_local": 12])
        let folder = try TestFolder()
        let engine = try engine(folder, [log])
        #expect(try board(engine)[0, "score"] == 12)
        #expect(try engine.reader.parked().isEmpty)
    }

    @Test func theSameRecordFromTwoOfficesCountsOnceWhicheverCameFirst() throws {
        let hub = try LogWriter("hub/36.04.13.2007:main/00000000000000aa")
        let log = try LogWriter(village)
        try log.add("risk.screened", subject: person, occurred: "2026-07-10", data: screening(1), dedupe: "k")
        try hub.add("risk.screened", subject: person, occurred: "2026-07-09", data: screening(2), dedupe: "k")
        let folder = try TestFolder()
        for (index, logs) in [[log, hub], [hub, log]].enumerated() {
            let engine = try engine(folder, logs, name: "\(index).db")
            #expect(try board(engine)[0, "score"] == 2)
            #expect(try engine.reader.outcome(log.log, 0) == .duplicate)
            #expect(try engine.reader.outcome(hub.log, 0) == .counted)
        }
    }

    @Test func ofManyCopiesOneCountsAtEachCut() throws {
        let log = try LogWriter(village)
        for index in 0..<6 {
            try log.add(
                "risk.screened", subject: person, occurred: "2026-07-\(20 - index)", data: screening(Int64(index)),
                dedupe: "k")
        }
        let folder = try TestFolder()
        let engine = try engine(folder, [log])
        for cut in 1...6 {
            let answer = try board(engine, asOf: AsOf(cut: Int64(cut)))
            #expect(answer.rows.count == 1)
            #expect(answer[0, "score"] == .integer(Int64(cut - 1)))
        }
    }

    @Test func whenTheCountedCopyIsRetractedTheOtherOneCounts() throws {
        let hub = try LogWriter("hub/36.04.13.2007:main/00000000000000aa")
        let log = try LogWriter(village)
        try log.add("risk.screened", subject: person, occurred: "2026-07-10", data: screening(1), dedupe: "k")
        let first = try hub.add(
            "risk.screened", subject: person, occurred: "2026-07-09", data: screening(2), dedupe: "k")
        try hub.retract(first)
        let folder = try TestFolder()
        #expect(try board(engine(folder, [log, hub]))[0, "score"] == 1)
    }

    @Test func whatHadNotHappenedByADayIsLeftOut() throws {
        let log = try LogWriter(village)
        try log.add("risk.screened", subject: person, occurred: "2026-07-01", data: screening(1))
        try log.add("risk.screened", subject: person, occurred: "2026-07-20", data: screening(2))
        let folder = try TestFolder()
        let engine = try engine(folder, [log])
        #expect(try board(engine)[0, "score"] == 2)
        #expect(try board(engine, asOf: AsOf(trueAt: LocalDay("2026-07-19")))[0, "score"] == 1)
        #expect(try board(engine, asOf: AsOf(cut: 1, trueAt: LocalDay("2026-07-20")))[0, "score"] == 1)
    }

    @Test func aClockAt2036DoesNotWin() throws {
        let log = try LogWriter(village)
        try log.add(
            "risk.screened", subject: person, occurred: "2036-02-01", data: screening(1), recorded: 2_086_000_000_000)
        try log.add("risk.screened", subject: person, occurred: "2026-07-20", data: screening(2))
        let folder = try TestFolder()
        #expect(try board(engine(folder, [log]))[0, "score"] == 2)
    }
}
