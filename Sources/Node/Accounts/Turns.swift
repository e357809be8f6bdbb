import Foundation
import Synchronization

/// Lets one caller in at a time and a few wait; more are sent away. A bound on memory, processor and threads, and
/// tries at one secret are counted one after the other, however many come at once.
final class Turns: Sendable {
    private let waiting = Mutex(0)
    private let limit: Int
    private let lock = Mutex(())

    init(waiting limit: Int) { self.limit = limit }

    /// - Returns: nil when too many wait already.
    func take<Result: Sendable>(_ body: () throws -> Result) throws -> Result? {
        let isAdmitted = waiting.withLock { count in
            guard count <= limit else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return nil }
        defer { waiting.withLock { $0 -= 1 } }
        return try lock.withLock { _ in try body() }
    }
}
