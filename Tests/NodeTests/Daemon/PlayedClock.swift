import Foundation
import Synchronization

@testable import Node

/// A clock that jumps to the end of every sleep.
final class PlayedClock: Sendable {
    private let time: Mutex<Date>
    private let slept = Mutex(Duration.zero)

    init(_ text: String) throws { time = Mutex(try Date(text, strategy: .iso8601)) }

    var now: Date { time.withLock { $0 } }

    /// In all.
    var sleeps: Duration { slept.withLock { $0 } }

    func set(_ date: Date) { time.withLock { $0 = date } }

    var clock: WallClock { WallClock(now: { self.now }, sleep: { self.pass($0) }) }

    private func pass(_ duration: Duration) {
        if Task.isCancelled { return }
        slept.withLock { $0 += duration }
        time.withLock { $0 += duration / .seconds(1) }
    }
}

/// Keeps what it hears.
final class Listener: SyncObserver {
    private let heard = Mutex<[SyncEvent]>([])
    private let onEvent: @Sendable (SyncEvent) -> Void

    init(_ onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }) { self.onEvent = onEvent }

    var events: [SyncEvent] { heard.withLock { $0 } }

    func note(_ event: SyncEvent) {
        heard.withLock { $0.append(event) }
        onEvent(event)
    }
}

/// Counts, from any thread.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// The count before.
    @discardableResult
    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }

    var value: Int { count.withLock { $0 } }
}
