import Event
import Testing

@testable import ReadModels

/// A line that cannot be understood is set aside with a reason, and blocks nothing.
@Suite struct ParkedLineTests {
    private let name = "desa-0/36.04.13.2007:main/0000000000000000"
    private let information: JSON = [
        "provided_on": "2026-07-10", "audience": "family", "topics": ["visa"], "stage": "before",
    ]

    private func good(_ log: LogWriter) throws {
        try log.add("information.provided", subject: "s", data: information)
    }

    @Test func eachFaultHasItsReasonAndTheOthersCount() throws {
        let log = try LogWriter(name)
        try good(log)
        try log.addRaw(Array("{not json".utf8))
        try log.addRaw([0xFF, 0xFE])
        try log.add("nobody.knows", subject: "s", data: [:])
        try log.add("information.provided", subject: "s", data: information, version: 9)
        try log.add("information.provided", subject: "s", data: information.setting("topics", to: "visa"))
        try log.add("information.provided", subject: "s", data: information.setting("stage", to: nil))
        try log.addRaw(try #require(log.lines.first))
        try good(log)
        let folder = try TestFolder()
        let engine = try folder.engine()
        let advance = try engine.advance(from: ArrayIntake([log.run()]))
        #expect(advance.lines == 9)
        #expect(advance.parked == 7)

        let counted = try engine.reader.counted(log.log)
        #expect(counted.size == 9)
        #expect(
            counted.exceptions == [
                .init(first: 1, last: 2, reason: .malformed), .init(first: 3, last: 3, reason: .unknownType),
                .init(first: 4, last: 4, reason: .newerVersion), .init(first: 5, last: 6, reason: .badValue),
                .init(first: 7, last: 7, reason: .wrongPlace),
            ])
        #expect(try engine.reader.outcome(log.log, 0) == .counted)
        #expect(try engine.reader.outcome(log.log, 9) == .waiting)
        guard case .parked(.badValue, let detail) = try engine.reader.outcome(log.log, 5) else {
            Issue.record("line 5 is not parked")
            return
        }
        #expect(detail.contains("data.topics"))
        let answer = try engine.reader.query(
            ModelQuery("kkbm_quarter", scope: .nation, reader: .holder, today: #require(LocalDay("2026-08-01"))))
        #expect(answer[0, "i2_services"] == 2)
    }

    @Test func aLineAboutAnotherVillageCountsForTheLogsOwn() throws {
        let log = try LogWriter(name)
        try log.add("information.provided", subject: "s", data: information, region: "36.04.13.2008")
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: ArrayIntake([log.run()]))
        let answer = try engine.reader.query(
            ModelQuery("kkbm_quarter", scope: .nation, reader: .holder, today: #require(LocalDay("2026-08-01"))))
        #expect(answer[0, "village"] == "36.04.13.2007")
    }
}
