import Event
import Testing

@testable import ReadModels

/// Who should have reported, who has, and how final a figure is.
@Suite struct CompletenessTests {
    private let hub = "hub-serang/36.04:main/00000000000000aa"

    private func enrol(_ log: LogWriter, _ node: String, _ region: String, role: String = "village", since: String)
        throws
    {
        try log.add(
            "node.enrolled", subject: node, occurred: since,
            data: [
                "node": .string(node), "epoch": "0123456789abcdef", "region": .string(region), "regionedition": "e",
                "role": .string(role), "sign": "s", "wrap": "w", "since": .string(since),
            ])
    }

    private func contact(_ log: LogWriter, _ node: String, _ on: String) throws {
        try log.add(
            "node.contacted", subject: node, occurred: on,
            data: ["node": .string(node), "epoch": "0123456789abcdef", "on": .string(on)])
    }

    private func reader(_ folder: TestFolder, _ fill: (LogWriter) throws -> Void) throws -> ModelReader {
        let log = try LogWriter(hub)
        try fill(log)
        let engine = try folder.engine()
        _ = try engine.advance(from: ArrayIntake([log.run()]))
        return engine.reader
    }

    private func day(_ text: String) throws -> LocalDay { try #require(LocalDay(text)) }

    @Test func theDenominatorIsEveryNodeEnrolledForThePlaceAndTime() throws {
        let folder = try TestFolder()
        let reader = try reader(folder) { log in
            try enrol(log, "a", "36.04.13.2007", since: "2026-01-01")
            try enrol(log, "b", "36.04.13.2007", since: "2026-01-01")
            try enrol(log, "later", "36.04.13.2007", since: "2026-08-01")
            try enrol(log, "elsewhere", "36.05.01.2001", since: "2026-01-01")
            try enrol(log, "gone", "36.04.13.2007", since: "2026-01-01")
            try enrol(log, "pusat", "id", role: "centre", since: "2026-01-01")
            try log.add(
                "node.revoked", subject: "gone", occurred: "2026-06-30T10:00:00+07:00",
                data: [
                    "node": "gone", "epoch": "0123456789abcdef", "reason": "lost", "at": "2026-06-30T10:00:00+07:00",
                ])
            try contact(log, "a", "2026-08-02")
            try contact(log, "b", "2026-07-31")
        }
        let july = try #require(
            try reader.completeness(
                of: RegionCode("36.04"), period: Period("2026-07"), today: day("2026-08-20")))
        #expect(july.enrolled == 2)
        #expect(july.reporting == 1)
        #expect(july.silent.map(\.node) == ["b"])
        #expect(try july.silent[0].lastContact == day("2026-07-31"))
        #expect(july.state == .provisional)
        let june = try #require(
            try reader.completeness(of: RegionCode("36.04"), period: Period("2026-06"), today: day("2026-08-20")))
        #expect(june.enrolled == 3)
        #expect(
            try reader.completeness(of: .nation, period: Period("2026-07"), today: day("2026-08-20"))?.enrolled == 3)
    }

    @Test func aPeriodIsOpenThenProvisionalThenFinal() throws {
        let folder = try TestFolder()
        let reader = try reader(folder) { log in
            try enrol(log, "a", "36.04.13.2007", since: "2026-01-01")
            try contact(log, "a", "2026-08-01")
        }
        func state(_ today: String) throws -> PeriodState? {
            try reader.completeness(of: RegionCode("36.04"), period: Period("2026-07"), today: day(today))?.state
        }
        #expect(try state("2026-07-31") == .open)
        #expect(try state("2026-08-01") == .provisional)
        #expect(try state("2026-08-30") == .provisional)
        #expect(try state("2026-08-31") == .final)
    }

    @Test func aContactInTheFutureMakesNothingMoreComplete() throws {
        let folder = try TestFolder()
        let reader = try reader(folder) { log in
            try enrol(log, "a", "36.04.13.2007", since: "2026-01-01")
            try contact(log, "a", "2036-01-01")
        }
        let answer = try #require(
            try reader.completeness(of: RegionCode("36.04"), period: Period("2026-07"), today: day("2026-07-15")))
        #expect(answer.state == .open)
        #expect(answer.reporting == 1)
        #expect(answer.threshold.description == "2026-07-15")
    }

    @Test func anAnswerTakesRegionAndPeriodFromItsFilters() throws {
        let folder = try TestFolder()
        let reader = try reader(folder) { log in
            try enrol(log, "a", "36.04.13.2007", since: "2026-01-01")
            try enrol(log, "b", "36.04.13.2008", since: "2026-01-01")
        }
        let answer = try reader.query(
            ModelQuery(
                "departures_by_month",
                filters: [Filter("village", .equal, "36.04.13.2007"), Filter("month", .equal, "2026-07")],
                scope: .nation, reader: .holder, today: day("2026-08-20")))
        #expect(answer.completeness?.region.description == "36.04.13.2007")
        #expect(answer.completeness?.period?.description == "2026-07")
        #expect(answer.completeness?.silent.map(\.node) == ["a"])
        let boards = try reader.query(
            ModelQuery("case_board", scope: .nation, reader: .holder, today: day("2026-08-20")))
        #expect(boards.completeness?.period == nil)
        #expect(boards.completeness?.enrolled == 2)
        let lists = try reader.query(
            ModelQuery("p3mi_licences", scope: .nation, reader: .holder, today: day("2026-08-20")))
        #expect(lists.completeness == nil)
    }
}
