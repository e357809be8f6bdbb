import Foundation
import Sync

/// Calls the parent by schedule for as long as it runs, retries what failed, and tells how it goes.
///
/// Cancelling its task stops it: a request that is under way is ended, and what was confirmed stays
/// confirmed.
public struct SyncDaemon: Sendable {
    /// One sync. It tells how it goes through the observer it was made with; it throws why it did not end
    /// well.
    public typealias Attempt = @Sendable () async throws -> SyncSummary
    /// Whether something came up since the last look that cannot wait for its turn.
    public typealias Lookout = @Sendable () async throws -> Bool

    private let schedule: Schedule
    private let backOff: BackOff
    private let lastSuccess: Date?
    private let tries: Int
    private let clock: WallClock
    private let observer: any SyncObserver
    private let attempt: Attempt
    private let lookout: Lookout?
    private let pause: Duration
    private let bell = Bell()

    /// - Parameters:
    ///   - lastSuccess: when the parent was last in agreement, as kept from an earlier run.
    ///   - tries: how often `once` tries before it gives up.
    ///   - lookout: asked again and again while a schedule is kept.
    ///   - pause: between two looks.
    public init(
        _ schedule: Schedule, backOff: BackOff = BackOff(), lastSuccess: Date? = nil, tries: Int = 5,
        clock: WallClock = .system,
        observer: any SyncObserver, lookout: Lookout? = nil, pause: Duration = .seconds(2), attempt: @escaping Attempt
    ) {
        self.lookout = lookout
        self.pause = pause
        self.schedule = schedule
        self.backOff = backOff
        self.lastSuccess = lastSuccess
        self.tries = tries
        self.clock = clock
        self.observer = observer
        self.attempt = attempt
    }

    /// Asks for a sync now, out of turn: somebody pressed the button, or recorded something urgent. A server
    /// that asked to be left alone is left alone.
    public func hurry() { bell.ring() }

    /// Runs until the schedule ends or the task is cancelled; cancellation ends it without an error.
    ///
    /// - Throws: for `once` only, why the last try failed.
    public func run(using generator: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator())
        async throws
    {
        guard let lookout, schedule != .once else { return try await keep(schedule, using: generator) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keep(schedule, using: generator) }
            group.addTask { await look(lookout) }
            // Each ends only when this task is cancelled.
            for try await _ in group { group.cancelAll() }
        }
    }

    /// A store that is busy or full is looked at again.
    private func look(_ lookout: Lookout) async {
        while !Task.isCancelled {
            if (try? await lookout()) == true { hurry() }
            await clock.sleep(pause)
        }
    }

    private func keep(
        _ schedule: Schedule, using generator: some RandomNumberGenerator & Sendable
    ) async throws {
        var generator = generator
        var planner = SyncPlanner(schedule, backOff: backOff, lastSuccess: lastSuccess, triesOnce: tries)
        var lastError: (any Error)?
        while !Task.isCancelled {
            switch planner.next(now: clock.now(), using: &generator) {
            case .finished(.succeeded): return
            case .finished(.gaveUp):
                if let lastError { throw lastError }
                return
            case .wait(let wake):
                guard await isTime(wake, planner) else { continue }
            }
            do {
                try await call(&planner)
            } catch {
                if Task.isCancelled { break }
                lastError = error
                note(error, &planner, &generator)
            }
        }
    }

    private func call(_ planner: inout SyncPlanner) async throws {
        observer.note(.started)
        let summary = try await attempt()
        planner.succeeded(at: clock.now())
        observer.note(.finished(summary))
    }

    private func note(
        _ error: any Error, _ planner: inout SyncPlanner, _ generator: inout some RandomNumberGenerator
    ) {
        let advice = FailureAdvice(error)
        planner.failed(
            at: clock.now(), isWorthRetrying: advice.isWorthRetrying, retryAfter: advice.retryAfter,
            using: &generator)
        var next: Date?
        if case .wait(let wake) = planner.next(now: clock.now(), using: &generator) { next = wake.due }
        observer.note(.failed("\(error)", failures: planner.failures, next: next))
    }

    /// Waits in short naps, since a laptop that sleeps and a clock that is set both make one long sleep
    /// wrong.
    ///
    /// - Returns: false if the wait must be planned anew.
    private func isTime(_ wake: SyncPlanner.Wake, _ planner: SyncPlanner) async -> Bool {
        if wake.due > clock.now() { observer.note(.waiting(until: wake.due)) }
        while !Task.isCancelled {
            let now = clock.now()
            if wake.isOver(now: now) { return now >= wake.due }
            let nap = min(max(wake.due.timeIntervalSince(now), 0.01), 30)
            if await bell.rings(within: .seconds(nap), clock), planner.mayHurry(now: clock.now()) {
                return true
            }
        }
        return false
    }
}
