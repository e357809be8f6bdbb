import Testing

@testable import Event

@Suite struct CivilDateTests {
    @Test func countsDaysThereAndBackOverAllYears() throws {
        var expected: CivilDate? = CivilDate(year: 1, month: 1, day: 1)
        let first = try #require(expected).daysSince1970
        #expect(first == -719_162)
        let last = try #require(CivilDate(year: 9999, month: 12, day: 31)).daysSince1970
        #expect(last == 2_932_896)
        for days in stride(from: first, through: last, by: 97) {
            expected = CivilDate(daysSince1970: days)
            #expect(expected?.daysSince1970 == days)
        }
        #expect(CivilDate(daysSince1970: first - 1) == nil)
        #expect(CivilDate(daysSince1970: last + 1) == nil)
        #expect(CivilDate(daysSince1970: .min / 2) == nil)
    }

    @Test(arguments: [
        (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017),
        (2026, 8, 14, 20_679),
    ])
    func knowsDaysByNumber(year: Int, month: Int, day: Int, days: Int) {
        #expect(CivilDate(year: year, month: month, day: day)?.daysSince1970 == days)
    }

    @Test func knowsLeapYears() {
        #expect(CivilDate.days(inMonth: 2, of: 2024) == 29)
        #expect(CivilDate.days(inMonth: 2, of: 2026) == 28)
        #expect(CivilDate.days(inMonth: 2, of: 1900) == 28)
        #expect(CivilDate.days(inMonth: 2, of: 2000) == 29)
    }
}

@Suite struct DateTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0), 0),
        ("1970-01-01T07:00:00+07:00", 0, 420),
        ("1969-12-31T23:59:59.999Z", -1, 0),
        ("2026-08-14T09:30:00+07:00", 1_786_674_600_000, 420),
        ("2026-08-14T09:30:00.123456789+07:00", 1_786_674_600_123, 420),
        ("2026-08-14T09:30:00.5-09:30", 1_786_734_000_500, -570),
        ("0001-01-01T00:00:00+23:59", -62_135_683_140_000, 1_439),
        ("9999-12-31T23:59:59-23:59", 253_402_387_139_000, -1_439),
        ("2024-02-29T00:00:00-00:00", 1_709_164_800_000, 0),
    ])
    func reads(text: String, milliseconds: Int64, offset: Int) throws {
        let moment = try #require(DateTime(text))
        #expect(moment.milliseconds == milliseconds)
        #expect(moment.offsetMinutes == offset)
        #expect(moment.description == text)
        #expect(moment.localDate == text.prefix(10))
    }

    @Test(arguments: [
        "", "2026-08-14", "2026-08-14T09:30:00", "2026-08-14 09:30:00Z", "2026-08-14t09:30:00Z",
        "2026-08-14T09:30:00z",
        "2026-08-14T24:00:00Z", "2026-08-14T09:60:00Z", "2026-08-14T09:30:60Z", "2026-02-29T09:30:00Z",
        "2026-13-01T09:30:00Z", "2026-00-01T09:30:00Z", "2026-01-00T09:30:00Z", "0000-01-01T00:00:00Z",
        "2026-08-14T09:30:00.Z", "2026-08-14T09:30:00.1234567890Z", "2026-08-14T09:30:00+7:00",
        "2026-08-14T09:30:00+0700",
        "2026-08-14T09:30:00+24:00", "2026-08-14T09:30:00+07:60", "2026-08-14T09:30:00Z ",
        "+026-08-14T09:30:00Z",
        "２026-08-14T09:30:00Z", "2026-08-14T9:30:00Z", "2026-8-14T09:30:00Z",
    ])
    func refusesOtherForms(text: String) {
        #expect(DateTime(text) == nil)
        #expect(OccurredAt(text) == nil || text == "2026-08-14")
    }

    @Test(arguments: [
        (Int64(0), 0, "1970-01-01T00:00:00.000Z"),
        (1_786_674_600_123, 420, "2026-08-14T09:30:00.123+07:00"),
        (1_786_674_600_123, -570, "2026-08-13T17:00:00.123-09:30"),
        (-1, 0, "1969-12-31T23:59:59.999Z"),
        (-1, 540, "1970-01-01T08:59:59.999+09:00"),
        (2_086_000_000_000, 480, "2036-02-07T20:26:40.000+08:00"),
    ])
    func writes(milliseconds: Int64, offset: Int, text: String) {
        let moment = DateTime(milliseconds: milliseconds, offsetMinutes: offset)
        #expect(moment.description == text)
        #expect(DateTime(text) == moment)
    }

    @Test func whateverAClockShowsCanBeWrittenAndRead() {
        for milliseconds in [Int64.min, -62_135_596_800_000, 0, 253_402_300_799_999, .max] {
            for offset in [Int.min, -1_439, 0, 1_439, .max] {
                let moment = DateTime(milliseconds: milliseconds, offsetMinutes: offset)
                #expect(DateTime(moment.description) == moment)
            }
        }
    }
}

@Suite struct OccurredAtTests {
    @Test func aYearIsAllThatIsKnown() throws {
        let when = try #require(OccurredAt("2026"))
        #expect(when.precision == .year)
        #expect(when.year == 2026)
        #expect(when.month == nil && when.quarter == nil && when.localDate == nil && when.milliseconds == nil)
        #expect(when.firstDate == "2026-01-01" && when.lastDate == "2026-12-31")
    }

    @Test func aMonthHasAQuarterAndNoDay() throws {
        let when = try #require(OccurredAt("2024-02"))
        #expect(when.precision == .month)
        #expect(when.month == "2024-02" && when.quarter == "2024Q1" && when.localDate == nil)
        #expect(when.firstDate == "2024-02-01" && when.lastDate == "2024-02-29")
    }

    @Test func aDayHasAllButATime() throws {
        let when = try #require(OccurredAt("2026-08-14"))
        #expect(when.precision == .day)
        #expect(when.month == "2026-08" && when.quarter == "2026Q3" && when.localDate == "2026-08-14")
        #expect(when.milliseconds == nil)
    }

    /// Just after midnight in Banten it is still the day, month, quarter and year before in UTC.
    @Test func aMomentBelongsToTheDayOfItsPlace() throws {
        let when = try #require(OccurredAt("2027-01-01T00:10:00+07:00"))
        #expect(when.precision == .instant)
        #expect(when.localDate == "2027-01-01" && when.quarter == "2027Q1" && when.year == 2027)
        #expect(when.milliseconds == DateTime("2026-12-31T17:10:00Z")?.milliseconds)
        let moment = try #require(DateTime("2027-01-01T00:10:00+07:00"))
        #expect(OccurredAt(moment) == when)
    }

    @Test(arguments: zip(1...12, ["Q1", "Q1", "Q1", "Q2", "Q2", "Q2", "Q3", "Q3", "Q3", "Q4", "Q4", "Q4"]))
    func quartersHaveThreeMonths(month: Int, quarter: String) {
        #expect(OccurredAt("2026-\(padded(month, 2))")?.quarter == "2026" + quarter)
    }

    @Test(arguments: [
        "", "26", "202", "0000", "2026-", "2026-1", "2026-00", "2026-13", "2026-8-14", "2026-02-29",
        "2026-02-30",
        "2026/08", "2026-08-1x", "20260814", "2026-W33", " 2026",
    ])
    func refusesOtherForms(text: String) {
        #expect(OccurredAt(text) == nil)
    }
}
