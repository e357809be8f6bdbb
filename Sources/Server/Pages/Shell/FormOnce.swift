import Node
import Synchronization

/// Lets each filled-in form be recorded once, however often it is sent: a second click, a reload, an impatient line.
///
/// Recording is serial anyway (one writer), so the lock is simply held meanwhile.
final class FormOnce: Sendable {
    private struct State {
        var done: [String: [RecordKey]] = [:]
        var order: [String] = []
    }

    /// Forms remembered; older ones can no longer be on a screen.
    private static let capacity = 4_096

    private let state = Mutex(State())

    /// Runs `record` for the first submission of `form`, and gives every later one the same records.
    func record(form: String, _ record: () throws -> [RecordKey]) throws -> [RecordKey] {
        try state.withLock { state in
            if let keys = state.done[form] { return keys }
            let keys = try record()
            state.done[form] = keys
            state.order.append(form)
            if state.order.count > Self.capacity { state.done[state.order.removeFirst()] = nil }
            return keys
        }
    }
}
