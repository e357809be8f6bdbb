import Node
import Synchronization

/// Listens to a single sync: draws it on a terminal, if there is one, and keeps what it came to.
final class OnceObserver: SyncObserver {
    private struct Heard {
        var summary: SyncSummary?
        var behind: String?
    }

    private let terminal: TerminalProgress?
    private let heard = Mutex(Heard())

    init(terminal: TerminalProgress?) { self.terminal = terminal }

    func note(_ event: SyncEvent) {
        switch event {
        case .finished(let summary): heard.withLock { $0.summary = summary }
        case .readModelsBehind(let reason): heard.withLock { $0.behind = reason }
        // The last failure is thrown and told once, as the command's own.
        case .failed(_, _, next: nil): return
        case .waiting, .started, .moved, .failed: break
        }
        terminal?.note(event)
    }

    /// Nil until the sync came to a good end.
    var summary: SyncSummary? { heard.withLock { $0.summary } }
    var behind: String? { heard.withLock { $0.behind } }
}
