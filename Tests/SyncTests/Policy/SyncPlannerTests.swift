import Foundation
import Testing

@testable import Sync

@Suite struct `Planning syncs` {
    private let backOff = BackOff(base: .seconds(2), cap: .seconds(900))

    private func wait(_ planner: SyncPlanner, now: Date, _ chance: Fixed = .half) -> TimeInterval? {
        var chance = chance
        guard case .wait(let wake) = planner.next(now: now, using: &chance) else { return nil }
        return wake.due.timeIntervalSince(now)
    }

    private func finish(_ planner: SyncPlanner, now: Date) -> SyncPlanner.Finish? {
        var chance = Fixed.half
        guard case .finished(let finish) = planner.next(now: now, using: &chance) else { return nil }
        return finish
    }

    private func fail(
        _ planner: inout SyncPlanner, at now: Date, isWorthRetrying: Bool = true, retryAfter: Duration? = nil
    ) {
        var chance = Fixed.half
        planner.failed(at: now, isWorthRetrying: isWorthRetrying, retryAfter: retryAfter, using: &chance)
    }

    @Test func `failures are retried ever later, and a success starts over`() throws {
        var now = try at("2026-08-14T12:00:00Z")
        var planner = SyncPlanner(.every(seconds: 3_600), backOff: backOff)
        var waits: [TimeInterval] = []
        for _ in 0..<4 {
            fail(&planner, at: now)
            let next = try #require(wait(planner, now: now))
            waits.append(next)
            now += next
        }
        #expect(waits == [1, 2, 4, 8])
        planner.succeeded(at: now)
        #expect(planner.failures == 0)
        #expect(wait(planner, now: now, .none) == 3_600)
    }

    @Test func `what the server asks for is waited for`() throws {
        let now = try at("2026-08-14T12:00:00Z")
        var planner = SyncPlanner(.every(seconds: 60), backOff: backOff)
        fail(&planner, at: now, retryAfter: .seconds(600))
        #expect(wait(planner, now: now) == 601)
        #expect(!planner.mayHurry(now: now + 599))
        #expect(planner.mayHurry(now: now + 600))
    }

    @Test func `a short schedule keeps its retries short`() throws {
        let now = try at("2026-08-14T12:00:00Z")
        var planner = SyncPlanner(.every(seconds: 60), backOff: backOff)
        for _ in 0..<50 { fail(&planner, at: now) }
        #expect(try #require(wait(planner, now: now, .most)) <= 60)
    }

    @Test func `what is hopeless waits for the next regular time`() throws {
        let now = try at("2026-08-14T12:00:00Z")
        var often = SyncPlanner(.every(seconds: 900), backOff: backOff)
        fail(&often, at: now, isWorthRetrying: false)
        #expect(wait(often, now: now) == 900)
        var nightly = SyncPlanner(try Schedule("nightly 01:30 WIB"), backOff: backOff)
        fail(&nightly, at: now, isWorthRetrying: false)
        #expect(wait(nightly, now: now) == 21_600)
    }

    @Test func `once ends with a success, with hopelessness, or after its tries`() throws {
        let now = try at("2026-08-14T12:00:00Z")
        var good = SyncPlanner(.once, backOff: backOff, lastSuccess: now - 10)
        #expect(wait(good, now: now) == 0)
        fail(&good, at: now)
        #expect(wait(good, now: now) == 1)
        good.succeeded(at: now)
        #expect(finish(good, now: now) == .succeeded)

        var hopeless = SyncPlanner(.once, backOff: backOff)
        fail(&hopeless, at: now, isWorthRetrying: false)
        #expect(finish(hopeless, now: now) == .gaveUp)

        var unlucky = SyncPlanner(.once, backOff: backOff, triesOnce: 2)
        fail(&unlucky, at: now)
        #expect(finish(unlucky, now: now) == nil)
        fail(&unlucky, at: now)
        #expect(finish(unlucky, now: now) == .gaveUp)
    }

    @Test func `a clock set back ends a wait, and the wait planned anew is no longer than before`() throws {
        let now = try at("2036-01-01T00:00:00Z")
        var planner = SyncPlanner(.every(seconds: 900), backOff: backOff)
        planner.succeeded(at: now)
        var chance = Fixed.none
        guard case .wait(let wake) = planner.next(now: now, using: &chance) else {
            Issue.record("nothing to wait for")
            return
        }
        #expect(!wake.isOver(now: now - 1))
        #expect(!wake.isOver(now: now + 899))
        #expect(wake.isOver(now: now + 900))
        let right = try at("2026-08-14T12:00:00Z")
        #expect(wake.isOver(now: right))
        #expect(wait(planner, now: right) == 0)

        fail(&planner, at: now)
        #expect(wait(planner, now: right) == 1)
    }

    @Test func `a laptop that is off every night still syncs every day it runs`() throws {
        let schedule = try Schedule("nightly 01:30 WIB")
        var seeded = Seeded(3)
        var last: Date?
        var syncs = 0
        for day in 0..<30 {
            let on = try at("2026-08-01T01:00:00Z") + Double(day) * 86_400
            let off = on + 8 * 3_600
            var planner = SyncPlanner(schedule, backOff: backOff, lastSuccess: last)
            while case .wait(let wake) = planner.next(now: last.map { max($0, on) } ?? on, using: &seeded),
                wake.due < off
            {
                planner.succeeded(at: wake.due)
                last = wake.due
                syncs += 1
            }
        }
        #expect(syncs == 30)
    }
}
