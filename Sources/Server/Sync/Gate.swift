import Event
import Synchronization

/// Counts sessions under way and turns away those above the limit: a stated bound on memory and disk queues.
public final class Gate: Sendable {
    private let inside = Mutex<Set<String>>([])
    private let limit: Int

    /// - Parameter limit: sessions at once, of all nodes together; of one node and epoch there is one.
    public init(limit: Int) { self.limit = limit }

    /// Why a session cannot start now.
    enum Refusal: Error {
        /// Too many sessions in all.
        case full
        /// The same node has a session under way: a second program, or one whose end has not shown yet.
        case twice
    }

    /// The right to one session, given back when the last reference goes: however a request ends, its answer's
    /// body included that may never be asked for, the place is free again.
    final class Pass: Sendable {
        private let gate: Gate
        private let name: String

        fileprivate init(_ gate: Gate, _ name: String) {
            self.gate = gate
            self.name = name
        }

        deinit { gate.leave(name) }
    }

    func enter(_ node: NodeName, _ epoch: Epoch) throws(Refusal) -> Pass {
        let name = "\(node)/\(epoch)"
        let refusal: Refusal? = inside.withLock { inside in
            if inside.contains(name) { return .twice }
            if inside.count >= limit { return .full }
            inside.insert(name)
            return nil
        }
        if let refusal { throw refusal }
        return Pass(self, name)
    }

    private func leave(_ name: String) { _ = inside.withLock { $0.remove(name) } }
}
