import Foundation

/// When to sync next, from the schedule and from how it went: pure, so that years of bad lines and wrong
/// clocks pass in a test.
public struct SyncPlanner: Sendable {
    public enum Next: Sendable, Equatable {
        case wait(Wake)
        case finished(Finish)
    }

    public enum Finish: Sendable, Equatable { case succeeded, gaveUp }

    /// A moment to wait for, by a clock that may be set meanwhile.
    public struct Wake: Sendable, Equatable {
        public let due: Date
        public let planned: Date

        /// True when it is time, and also when the clock was set back, so that the wait no longer means
        /// anything and must be planned again.
        public func isOver(now: Date) -> Bool { now >= due || now < planned - SyncPlanner.clockSlack }
    }

    /// A clock disciplined by the network moves back by less than this without having been set.
    static let clockSlack: TimeInterval = 5

    public let schedule: Schedule
    public let backOff: BackOff
    /// How often `once` tries before it gives up.
    public let triesOnce: Int
    public private(set) var lastSuccess: Date?
    /// Failures since then.
    public private(set) var failures = 0

    /// The wait after a failure, and when it began.
    private var pending: (wait: Duration, from: Date)?
    private var finish: Finish?
    /// Until when the server asked to be left alone.
    private var notBefore: Date?

    /// - Parameter lastSuccess: as kept from an earlier run of the program; for `once` it does not matter.
    public init(
        _ schedule: Schedule, backOff: BackOff = BackOff(), lastSuccess: Date? = nil, triesOnce: Int = 5
    ) {
        self.schedule = schedule
        self.triesOnce = triesOnce
        self.lastSuccess = schedule == .once ? nil : lastSuccess
        var backOff = backOff
        // Who calls every minute should not stay away for a quarter of an hour after the line came back.
        if case .every(let seconds) = schedule { backOff.cap = min(backOff.cap, .seconds(seconds)) }
        self.backOff = backOff
    }

    public mutating func succeeded(at now: Date) {
        lastSuccess = now
        failures = 0
        pending = nil
        notBefore = nil
        if schedule == .once { finish = .succeeded }
    }

    /// - Parameters:
    ///   - isWorthRetrying: false when somebody has to change something first. The schedule goes on all the
    ///     same: somebody may have.
    ///   - retryAfter: what the server asked for.
    public mutating func failed(
        at now: Date, isWorthRetrying: Bool, retryAfter: Duration? = nil,
        using generator: inout some RandomNumberGenerator
    ) {
        failures += 1
        notBefore = retryAfter.map { now + $0.timeInterval }
        if schedule == .once, !isWorthRetrying || failures >= triesOnce {
            finish = .gaveUp
            return
        }
        let wait = backOff.delay(failures: failures, retryAfter: retryAfter, using: &generator)
        pending = (isWorthRetrying ? wait : max(wait, regularPause), now)
    }

    /// Whether a wait may be ended early because somebody asked for it: not while the server asked for peace.
    public func mayHurry(now: Date) -> Bool { notBefore.map { now >= $0 } ?? true }

    /// The time until a call that is hopeless for now is made again.
    private var regularPause: Duration {
        switch schedule {
        case .once: .zero
        case .every(let seconds): .seconds(seconds)
        case .nightly: .seconds(6 * 3_600)
        }
    }

    public func next(now: Date, using generator: inout some RandomNumberGenerator) -> Next {
        if let finish { return .finished(finish) }
        if let pending {
            // Set back, the clock no longer knows how long ago the failure was: the wait begins anew.
            let start = min(pending.from, now)
            return .wait(Wake(due: start + pending.wait.timeInterval, planned: now))
        }
        guard let due = schedule.next(after: lastSuccess, now: now, using: &generator) else {
            return .finished(.succeeded)
        }
        return .wait(Wake(due: due, planned: now))
    }
}

extension Duration {
    /// In seconds.
    var timeInterval: TimeInterval {
        TimeInterval(components.seconds) + TimeInterval(components.attoseconds) / 1e18
    }
}
