import Synchronization

/// What happened, in order, noted from several threads.
final class Journal<Entry: Sendable>: Sendable {
    private let state = Mutex<[Entry]>([])

    func note(_ entry: Entry) { state.withLock { $0.append(entry) } }

    var entries: [Entry] { state.withLock { $0 } }
}
