import Event
import Synchronization

/// Counts sessions under way and turns away those above the limit: a stated bound on memory and disk queues.
public final class Gate: Sendable {
    private struct Inside {
        var count = 0
        var nodes: Set<String> = []
    }

    private let inside = Mutex(Inside())
    private let limit: Int

    /// - Parameter limit: sessions at once, of all nodes together; of one node and epoch there is one.
    public init(limit: Int) { self.limit = limit }

    /// The right to one session, given back when the last reference goes: however a request ends, its answer's
    /// body included that may never be asked for, the place is free again.
    final class Pass: Sendable {
        private let gate: Gate
        private let name = Mutex<String?>(nil)

        fileprivate init(_ gate: Gate) { self.gate = gate }

        /// Makes this the one session of a node. False while it has another: a second program, or one whose end
        /// has not shown yet. Only for a node that has proved who it is, lest others lock it out.
        func claim(_ node: NodeName, _ epoch: Epoch) -> Bool {
            let claimed = "\(node)/\(epoch)"
            guard gate.inside.withLock({ $0.nodes.insert(claimed).inserted }) else { return false }
            name.withLock { $0 = claimed }
            return true
        }

        deinit {
            let name = name.withLock { $0 }
            gate.inside.withLock { inside in
                inside.count -= 1
                if let name { inside.nodes.remove(name) }
            }
        }
    }

    /// False at the limit. A moment later it may be otherwise: whoever goes on takes a place with `enter`.
    var hasPlace: Bool { inside.withLock { $0.count < limit } }

    /// Nil at the limit. For those who have proved who they are.
    func enter() -> Pass? {
        let isFree = inside.withLock { inside in
            guard inside.count < limit else { return false }
            inside.count += 1
            return true
        }
        return isFree ? Pass(self) : nil
    }
}
