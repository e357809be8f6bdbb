import Synchronization

/// A way to stop a client's requests from another thread. Once cancelled it stays so.
public final class HTTPCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var wake: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    public init() {}

    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Ends the running request, if any, within milliseconds, except while a host name is being
    /// looked up, which the system's resolver does not let go of.
    public func cancel() {
        state.withLock {
            $0.isCancelled = true
            $0.wake?()
        }
    }

    /// Has `wake` called by `cancel` while `body` runs; never after it returned, so that what
    /// `wake` touches needs to live no longer.
    func waking<Result>(
        _ wake: @escaping @Sendable () -> Void, during body: () throws -> Result
    ) rethrows -> Result {
        state.withLock { $0.wake = wake }
        defer { state.withLock { $0.wake = nil } }
        return try body()
    }
}
