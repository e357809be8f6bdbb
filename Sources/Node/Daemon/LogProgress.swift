import Foundation
import Logging
import Synchronization

/// Tells a sync to the log: one line when it ends, one when it fails, and now and then in between.
public struct LogProgress: SyncObserver {
    private let logger: Logger
    private let throttle: Throttle

    /// - Parameter interval: least time between lines about one sync's progress.
    public init(
        _ logger: Logger, interval: Duration = .seconds(15),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.logger = logger
        throttle = Throttle(interval: interval, now: now)
    }

    public func note(_ event: SyncEvent) {
        switch event {
        case .waiting(let until):
            logger.debug("Next sync planned", metadata: ["at": "\(until.formatted(.iso8601))"])
        case .started:
            throttle.restart()
            logger.debug("Sync started")
        case .moved(let progress):
            guard throttle.isOpen() else { return }
            logger.info(
                "Syncing",
                metadata: [
                    "sent": "\(progress.sent)", "to-send": "\(progress.toSend)",
                    "received": "\(progress.received)",
                ])
        case .finished(let summary): logger.info("Synced", metadata: LogProgress.metadata(summary))
        case .failed(let reason, let failures, let next):
            var metadata: Logger.Metadata = ["reason": "\(reason)", "failures": "\(failures)"]
            if let next { metadata["next"] = "\(next.formatted(.iso8601))" }
            logger.warning("Sync failed", metadata: metadata)
        case .readModelsBehind(let reason):
            logger.error("Read models are behind", metadata: ["reason": "\(reason)"])
        }
    }

    private static func metadata(_ summary: SyncSummary) -> Logger.Metadata {
        [
            "lines-sent": "\(summary.linesSent)", "lines-received": "\(summary.linesReceived)",
            "requests": "\(summary.requests)", "bytes-sent": "\(summary.bytesSent)",
            "bytes-received": "\(summary.bytesReceived)", "refused": "\(summary.refused)",
        ]
    }
}

/// Lets something happen at most once in an interval.
final class Throttle: Sendable {
    private let interval: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let opened: Mutex<ContinuousClock.Instant>

    init(interval: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.interval = interval
        self.now = now
        opened = Mutex(now())
    }

    /// Begins an interval now.
    func restart() { opened.withLock { $0 = now() } }

    /// True if the interval is over; the next one begins.
    func isOpen() -> Bool {
        opened.withLock { opened in
            let time = now()
            guard opened.duration(to: time) >= interval else { return false }
            opened = time
            return true
        }
    }
}
