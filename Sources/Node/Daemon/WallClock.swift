import Foundation

/// The clock on the wall, and sleeping by it; both can be played in a test.
public struct WallClock: Sendable {
    public let now: @Sendable () -> Date
    /// Returns early, without an error, when its task is cancelled.
    public let sleep: @Sendable (Duration) async -> Void

    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async -> Void) {
        self.now = now
        self.sleep = sleep
    }

    public static let system = WallClock(
        now: { Date() },
        sleep: { duration in
            do {
                try await Task.sleep(for: duration)
            } catch {
                // Cancelled: whoever asked looks at the task next.
            }
        })
}
