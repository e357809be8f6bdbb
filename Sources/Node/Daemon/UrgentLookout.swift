import Event
import Store
import Sync
import Synchronization

/// Sees urgent lines that the parent has not stated to hold, whoever saved them: the app, a command, a server that
/// received them from below.
final class UrgentLookout: Sendable {
    private let node: Node
    private let parent: NodeName
    /// For which sizes a sync was asked for already. What fails then is tried again by the schedule.
    private let asked = Mutex<[HeadName: Int64]>([:])

    init(_ node: Node, parent: NodeName) {
        self.node = node
        self.parent = parent
    }

    /// Whether there are urgent lines that no sync was asked for yet.
    func look() throws -> Bool {
        let store = node.store
        let waiting = try store.table(scope: node.own.region, changedSince: nil).filter { head in
            guard head.log.lane == .urgent, try isFromHere(head.log) else { return false }
            let held = try store.receipts(of: head.log).filter { $0.kind == .held && $0.holder == parent }
            return !held.contains { $0.size >= head.size }
        }
        return asked.withLock { asked in
            let isNew = waiting.contains { asked[$0.name] != $0.size }
            for head in waiting { asked[head.name] = head.size }
            return isNew
        }
    }

    /// What came from above is there already.
    private func isFromHere(_ log: LogName) throws -> Bool {
        guard let author = try node.store.enrolment(node: log.node, epoch: log.epoch)?.enrolment else { return false }
        return author.region.isAtOrBelow(node.own.region) && author.node != parent
    }
}
