import Foundation
import Testing

@testable import Sync

@Suite struct `A schedule` {
    @Test(arguments: [
        // Indonesia's zones have no daylight saving; 01:30 WIB is 18:30 UTC the day before.
        ("01:30", "WIB", "2026-08-14T00:00:00Z", "2026-08-14T18:30:00Z"),
        ("01:30", "WITA", "2026-08-14T00:00:00Z", "2026-08-14T17:30:00Z"),
        ("01:30", "WIT", "2026-08-14T00:00:00Z", "2026-08-14T16:30:00Z"),
        ("01:30", "Asia/Jakarta", "2026-08-14T00:00:00Z", "2026-08-14T18:30:00Z"),
        ("01:30", "UTC", "2026-08-14T00:00:00Z", "2026-08-14T01:30:00Z"),
        // The very moment has passed: tomorrow.
        ("01:30", "WIB", "2026-08-14T18:30:00Z", "2026-08-15T18:30:00Z"),
        ("01:30", "WIB", "2026-08-14T18:29:59Z", "2026-08-14T18:30:00Z"),
        // Over the ends of month, year and leap day.
        ("00:00", "WIB", "2026-12-31T17:00:01Z", "2027-01-01T17:00:00Z"),
        ("00:00", "WIB", "2028-02-28T17:00:01Z", "2028-02-29T17:00:00Z"),
        // Where clocks do change: 02:30 exists every day, if need be as 01:30 or 03:30.
        ("12:00", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T10:00:00Z"),
        ("12:00", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T11:00:00Z"),
    ])
    func `finds the next night`(time: String, zone: String, now: String, next: String) throws {
        let night = try Schedule.Nightly(time: time, zone: zone, jitter: 0)
        let now = try at(now)
        var chance = Fixed.most
        #expect(Schedule.nightly(night).next(after: now, now: now, using: &chance) == (try at(next)))
    }

    @Test(arguments: ["2026-03-29", "2026-10-25"])
    func `calls once in a night in which clocks change`(day: String) throws {
        let night = try Schedule.Nightly(time: "02:30", zone: "Europe/Berlin", jitter: 0)
        var calls: [Date] = []
        var now = try at("\(day)T00:00:00Z") - 43_200
        let end = now + 86_400
        var chance = Fixed.none
        while let next = Schedule.nightly(night).next(after: now, now: now, using: &chance), next < end {
            calls.append(next)
            now = next
        }
        #expect(calls.count == 1)
    }

    @Test func `spreads the calls of a night over its jitter`() throws {
        let schedule = Schedule.nightly(try .init(time: "01:30", zone: "WIB", jitter: 1_200))
        let now = try at("2026-08-14T12:00:00Z")
        var half = Fixed.half
        #expect(schedule.next(after: now, now: now, using: &half) == (try at("2026-08-14T18:40:00Z")))
    }

    @Test(
        arguments: [
            (nil, "2026-08-14T12:00:00Z"),  // never before
            ("2026-08-13T18:29:00Z", "2026-08-14T12:00:00Z"),  // the laptop was off at 01:30
            ("2026-08-01T18:35:00Z", "2026-08-14T12:00:00Z"),  // and for two weeks
            ("2026-08-13T18:29:00Z", "2026-08-13T18:31:00Z"),  // started again within the jitter
            ("2036-01-01T00:00:00Z", "2026-08-14T12:00:00Z"),  // the clock was in 2036, and was set right
            ("2026-08-14T12:00:00Z", "1970-01-01T00:00:10Z"),  // the clock's battery is dead
        ] as [(String?, String)])
    func `makes up for a missed night soon`(last: String?, now: String) throws {
        let schedule = Schedule.nightly(try .init(time: "01:30", zone: "WIB"))
        let now = try at(now)
        var most = Fixed.most
        let next = try #require(schedule.next(after: try last.map(at), now: now, using: &most))
        #expect(next >= now)
        #expect(next <= now + 120)
    }

    @Test(
        arguments: [
            (nil, 0.0),
            ("2026-08-14T11:55:00Z", 600.0),
            ("2026-08-14T11:45:00Z", 0.0),
            ("2020-01-01T00:00:00Z", 0.0),
            ("2036-01-01T00:00:00Z", 0.0),
        ] as [(String?, Double)])
    func `of every so often counts from the last success`(last: String?, wait: Double) throws {
        let now = try at("2026-08-14T12:00:00Z")
        var none = Fixed.none
        let next = Schedule.every(seconds: 900).next(after: try last.map(at), now: now, using: &none)
        #expect(next == now + wait)
    }

    @Test func `of every so often drifts by up to a tenth`() throws {
        let now = try at("2026-08-14T12:00:00Z")
        var half = Fixed.half
        #expect(Schedule.every(seconds: 900).next(after: now, now: now, using: &half) == now + 945)
    }

    @Test func `of once is now, and then never`() throws {
        let now = try at("2026-08-14T12:00:00Z")
        var half = Fixed.half
        #expect(Schedule.once.next(after: nil, now: now, using: &half) == now)
        #expect(Schedule.once.next(after: now, now: now, using: &half) == nil)
    }

    @Test(arguments: [
        ("once", "once"), ("every 90s", "every 90s"), ("every 900s", "every 15m"), ("every 2h", "every 2h"),
        ("every 1d", "every 1d"), ("nightly 01:30 WIB", "nightly 01:30 WIB within 20m"),
        ("nightly 23:05 wita within 0s", "nightly 23:05 WITA within 0s"),
        ("nightly 01:30 Asia/Jayapura within 1h", "nightly 01:30 Asia/Jayapura within 1h"),
    ])
    func `is read and written`(text: String, written: String) throws {
        let schedule = try Schedule(text)
        #expect(schedule.description == written)
        #expect(try Schedule(written) == schedule)
    }

    @Test(arguments: [
        "", "often", "every", "every 15", "every m", "every -5m", "every 1s", "every 99999999999999999999d",
        "every 999d", "nightly 01:30", "nightly 1:30 WIB", "nightly 24:00 WIB", "nightly 01:60 WIB",
        "nightly 01:30 Mars/Base", "nightly 01:30 WIB within", "nightly 01:30 WIB within 13h", "once more",
    ])
    func `that cannot be kept is refused with what to write`(text: String) {
        let error = #expect(throws: ScheduleError.self) { try Schedule(text) }
        #expect(error?.description.isEmpty == false)
    }
}
