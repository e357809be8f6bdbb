import Foundation
import Synchronization

/// Makes a source wait that tried many wrong passwords or invitations, whomever it tried them for.
///
/// Accounts have pauses of their own (`Accounts`); this one stops a source that tries one password for many names.
final class WrongTries: Sendable {
    private struct Entry {
        var count = 0
        var last = 0.0
        var closedUntil = 0.0
    }

    /// Wrong tries before a source waits: an office of many people behind one address mistypes too.
    static let free = 20
    /// Seconds after which a source's wrong tries are forgotten.
    static let memory = 3_600.0
    /// The longest pause, in seconds.
    static let longest = 900.0

    private let now: @Sendable () -> Double
    private let entries = Mutex<[RequestSource: Entry]>([:])

    init(now: @escaping @Sendable () -> Double = monotonicSeconds) { self.now = now }

    /// Seconds until a source's next try is looked at; nil: now.
    func pause(_ source: RequestSource) -> Int? {
        let moment = now()
        let until = entries.withLock { $0[source]?.closedUntil ?? 0 }
        return until > moment ? Int((until - moment).rounded(.up)) : nil
    }

    /// Notes a wrong try. A right one takes nothing back: whoever has one account must not guess others by it.
    func add(_ source: RequestSource) {
        let moment = now()
        entries.withLock { entries in
            if entries.count >= RateLimit.capacity {
                entries = entries.filter { moment - $0.value.last < Self.memory }
                if entries.count >= RateLimit.capacity, let oldest = entries.min(by: { $0.value.last < $1.value.last })
                {
                    entries[oldest.key] = nil
                }
            }
            var entry = entries[source] ?? Entry()
            if moment - entry.last > Self.memory { entry = Entry() }
            entry.count += 1
            entry.last = moment
            if entry.count > Self.free {
                entry.closedUntil = moment + min(Self.longest, 5 * pow(2, Double(entry.count - Self.free - 1)))
            }
            entries[source] = entry
        }
    }
}
