import Dispatch
import Synchronization

/// Runs blocking work (disk, curl, hashing of passwords) on threads of its own, so that it never starves the
/// cooperative pool.
///
/// The threads come with serial queues, one each: on Linux a concurrent queue shares as many threads as there are
/// cores with Swift's own pool, and while those stand still nothing else of the program runs; one more is added a
/// second. Sixty password guesses at once made a server silent for half a minute.
public final class Blocking: Sendable {
    private struct State {
        var idle: [DispatchQueue]
        /// Bodies that wait for a thread, the first come at the end.
        var waiting: [@Sendable () -> Void] = []
    }

    /// Bodies that run at once, unless told otherwise: more than may stand still together anywhere in the program.
    public static let usualWidth = 48

    private let state: Mutex<State>

    /// - Parameter serial: one call at a time, in order; else as many at once as there are threads, in order.
    public convenience init(label: String, serial: Bool = false) {
        self.init(label: label, width: serial ? 1 : Self.usualWidth)
    }

    /// - Parameter width: calls at once.
    init(label: String, width: Int) {
        state = Mutex(State(idle: (0..<width).map { DispatchQueue(label: "\(label).\($0)") }))
    }

    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit { continuation.resume(with: Result(catching: body)) }
        }
    }

    func submit(_ job: @escaping @Sendable () -> Void) {
        let queue: DispatchQueue? = state.withLock { state in
            if let queue = state.idle.popLast() { return queue }
            state.waiting.insert(job, at: 0)
            return nil
        }
        guard let queue else { return }
        queue.async { self.work(job, on: queue) }
    }

    /// One body, and then those that wait, until none does.
    private func work(_ first: @Sendable () -> Void, on queue: DispatchQueue) {
        first()
        while let next = next(or: queue) { next() }
    }

    private func next(or queue: DispatchQueue) -> (@Sendable () -> Void)? {
        state.withLock { state in
            if let job = state.waiting.popLast() { return job }
            state.idle.append(queue)
            return nil
        }
    }
}
