import Synchronization

/// Lets anyone end a sleeper's nap. A ring that nobody waits for is kept for the next one.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            state.hasRung = true
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Sleeps for `duration`, or until the bell rings or the task is cancelled. One sleeper at a time.
    ///
    /// - Returns: whether it rang.
    func rings(within duration: Duration, _ clock: WallClock) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await clock.sleep(duration) }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
        return state.withLock { state in
            defer { state.hasRung = false }
            return state.hasRung
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.hasRung || Task.isCancelled { return true }
                    state.sleeper = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                defer { state.sleeper = nil }
                return state.sleeper
            }
            sleeper?.resume()
        }
    }
}
