import Synchronization

/// How much of a costly kind goes on at once, of all and of one source.
final class Turnstile: Sendable {
    private struct Inside {
        var all = 0
        var bySource: [RequestSource: Int] = [:]
    }

    private let inside = Mutex(Inside())
    private let all: Int
    private let each: Int

    init(all: Int, each: Int) {
        self.all = all
        self.each = each
    }

    /// False when it is full; else `leave` has to follow.
    func enter(_ source: RequestSource) -> Bool {
        inside.withLock { inside in
            let own = inside.bySource[source] ?? 0
            guard inside.all < all, own < each else { return false }
            inside.all += 1
            inside.bySource[source] = own + 1
            return true
        }
    }

    func leave(_ source: RequestSource) {
        inside.withLock { inside in
            inside.all -= 1
            let own = (inside.bySource[source] ?? 1) - 1
            inside.bySource[source] = own > 0 ? own : nil
        }
    }
}
