import Dispatch

/// Runs blocking work (disk, curl) on threads of its own, so that it never starves the cooperative pool.
public final class Blocking: Sendable {
    private let queue: DispatchQueue

    /// - Parameter serial: one call at a time, in order; else each on a thread of its own.
    public init(label: String, serial: Bool = false) {
        queue = DispatchQueue(label: label, attributes: serial ? [] : .concurrent)
    }

    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
