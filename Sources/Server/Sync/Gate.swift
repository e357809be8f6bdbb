import Synchronization

/// Counts sessions under way and turns away those above the limit: a stated bound on memory and disk queues.
public final class Gate: Sendable {
    private let inside = Mutex(0)
    private let limit: Int

    public init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        inside.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { inside.withLock { $0 -= 1 } }
}
