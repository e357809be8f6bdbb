import Event
import Node
import Store
import Sync

/// Finds logs by a part of their name.
struct LogChoice {
    let node: Node

    /// Every log whose name contains `text`; without one, those of this node's records.
    ///
    /// - Throws: `NodeError` when there is none.
    func logs(matching text: String?) throws -> [Head] {
        let all = try node.store.heads()
        guard let text else { return all.filter { $0.log.node == node.own.node && $0.log.lane != .intake } }
        let exact = all.filter { $0.log.description == text }
        guard exact.isEmpty else { return exact }
        let found = all.filter { $0.log.description.contains(text) }
        guard !found.isEmpty else {
            throw NodeError(.badInput, "there is no log “\(text)” here", advice: "`simpul log list` lists the logs")
        }
        return found
    }
}
