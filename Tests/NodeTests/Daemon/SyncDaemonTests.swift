import Foundation
import Sync
import Testing

@testable import Node

@Suite struct `The sync daemon` {
    private struct NoLine: Error {}

    /// A daemon that is stopped after `calls` attempts.
    private func run(
        _ schedule: Schedule, _ played: PlayedClock, calls: Int, observer: any SyncObserver = Listener(),
        lastSuccess: Date? = nil, _ attempt: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> [Date] {
        let counter = Counter()
        let times = Listener()
        let daemon = SyncDaemon(
            schedule, backOff: BackOff(base: .seconds(2)), lastSuccess: lastSuccess, clock: played.clock,
            observer: observer
        ) {
            let call = counter.next()
            times.note(.waiting(until: played.now))
            if call + 1 == calls { withUnsafeCurrentTask { $0?.cancel() } }
            try attempt(call)
            return SyncSummary()
        }
        let task = Task { try await daemon.run() }
        try await task.value
        return times.events.compactMap { if case .waiting(let date) = $0 { date } else { nil } }
    }

    @Test func `calls at once, and then every so often`() async throws {
        let played = try PlayedClock("2026-08-14T12:00:00Z")
        let start = played.now
        let times = try await run(.every(seconds: 600), played, calls: 4)
        #expect(times.count == 4)
        #expect(times.first == start)
        for (earlier, later) in zip(times, times.dropFirst()) {
            #expect((600...661).contains(later.timeIntervalSince(earlier)))
        }
    }

    @Test func `calls every night`() async throws {
        let played = try PlayedClock("2026-08-14T12:00:00Z")
        let times = try await run(
            try Schedule("nightly 01:30 WIB within 10m"), played, calls: 3, lastSuccess: played.now)
        let nights = try ["2026-08-14", "2026-08-15", "2026-08-16"].map {
            try Date("\($0)T18:30:00Z", strategy: .iso8601)
        }
        #expect(times.count == 3)
        for (time, night) in zip(times, nights) { #expect((0...601).contains(time.timeIntervalSince(night))) }
    }

    @Test func `retries soon what failed, and says so`() async throws {
        let played = try PlayedClock("2026-08-14T12:00:00Z")
        let listener = Listener()
        let times = try await run(.every(seconds: 86_400), played, calls: 4, observer: listener) { call in
            if call < 2 { throw NoLine() }
        }
        #expect(times.count == 4)
        #expect(times[2].timeIntervalSince(times[0]) < 10)
        #expect(times[3].timeIntervalSince(times[2]) >= 86_400)
        let failures = listener.events.compactMap { event -> Int? in
            if case .failed(_, let failures, let next?) = event, next > times[0] { failures } else { nil }
        }
        #expect(failures == [1, 2])
    }

    @Test func `once succeeds, or throws why it did not`() async throws {
        let played = try PlayedClock("2026-08-14T12:00:00Z")
        let calls = Counter()
        let good = SyncDaemon(.once, clock: played.clock, observer: Listener()) {
            if calls.next() == 0 { throw NoLine() }
            return SyncSummary()
        }
        try await good.run()
        #expect(calls.value == 2)

        let hopeless = SyncDaemon(.once, clock: played.clock, observer: Listener()) {
            throw NodeError(.refused, "no", advice: "ask")
        }
        await #expect(throws: NodeError.self) { try await hopeless.run() }
    }

    @Test func `a clock set back while it waits does not make it wait for years`() async throws {
        let played = try PlayedClock("2036-01-01T00:00:00Z")
        let right = try Date("2026-08-14T12:00:00Z", strategy: .iso8601)
        let naps = Counter()
        let settingBack = WallClock(now: played.clock.now) { duration in
            if naps.next() == 0 { played.set(right) } else { await played.clock.sleep(duration) }
        }
        let calls = Counter()
        let daemon = SyncDaemon(.every(seconds: 600), clock: settingBack, observer: Listener()) {
            if calls.next() == 1 { withUnsafeCurrentTask { $0?.cancel() } }
            return SyncSummary()
        }
        let task = Task { try await daemon.run() }
        try await task.value
        #expect(calls.value == 2)
        #expect(naps.value == 1)
        #expect(played.now == right)
    }

    @Test func `stops while it waits`() async throws {
        let waits = AsyncStream.makeStream(of: Void.self)
        let listener = Listener { event in
            if case .waiting = event { waits.continuation.yield() }
        }
        let daemon = SyncDaemon(.every(seconds: 86_400), observer: listener) { SyncSummary() }
        let task = Task { try await daemon.run() }
        for await _ in waits.stream { break }
        task.cancel()
        try await task.value
    }

    @Test func `hurries when asked to`() async throws {
        let waits = AsyncStream.makeStream(of: Void.self)
        let calls = Counter()
        let listener = Listener { event in
            if case .waiting = event { waits.continuation.yield() }
        }
        let daemon = SyncDaemon(.every(seconds: 86_400), observer: listener) {
            calls.next()
            return SyncSummary()
        }
        let task = Task { try await daemon.run() }
        var rounds = 0
        for await _ in waits.stream {
            rounds += 1
            if rounds == 3 { break }
            daemon.hurry()
        }
        task.cancel()
        try await task.value
        #expect(calls.value == 3)
    }
}
