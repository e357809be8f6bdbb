import Foundation
import Synchronization

/// An `HTTPClient` with a thread of its own, for use from `async` code.
///
/// Jobs run one after the other. The thread ends when the worker is released.
public final class HTTPWorker: Sendable {
    private let jobs = JobQueue()

    public init(_ settings: HTTPSettings = HTTPSettings(), name: String = "simpul-http") {
        let jobs = jobs
        let thread = Thread {
            let client = Result { try HTTPClient(settings) }
            while let job = jobs.next() { job(client) }
        }
        thread.name = name
        thread.start()
    }

    deinit { jobs.close() }

    /// Runs `job` on the worker's thread. Cancelling the task stops the request that is running and
    /// every further one of the job.
    ///
    /// - Throws: what `job` threw; `TransportError` if the settings cannot be used;
    ///   `CancellationError` if the task was cancelled.
    public func run<Value: Sendable>(
        _ job: @escaping @Sendable (HTTPClient) throws -> Value
    ) async throws -> Value {
        let cancellation = HTTPCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                jobs.add { client in
                    let result = Result {
                        let client = try client.get()
                        client.cancellation = cancellation
                        return try job(client)
                    }
                    let stopped = cancellation.isCancelled
                    continuation.resume(with: result.mapError { stopped ? CancellationError() : $0 })
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}

/// Jobs in order of arrival, for one thread that waits for them.
private final class JobQueue: Sendable {
    typealias Job = @Sendable (Result<HTTPClient, any Error>) -> Void

    private struct State {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    func add(_ job: @escaping Job) {
        state.withLock { $0.jobs.append(job) }
        arrivals.signal()
    }

    func close() {
        state.withLock { $0.isClosed = true }
        arrivals.signal()
    }

    /// Waits for the next job; nil once the queue is closed and every job is done.
    func next() -> Job? {
        arrivals.wait()
        return state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
    }
}
