import Catalogue
import Event
import ReadModels
import Store

/// Erasures that are asked for or under way, and the 72 hours of the law.
struct ErasureClock {
    let node: Node

    func conditions() throws -> [NodeCondition] {
        let open: [ErasureState]
        do {
            open = try node.erasureProgress(reader: .holder).filter { !$0.isDone && isOurs($0) }
        } catch is ReadModelError {
            // `ModelState` says what is the matter with the models.
            return []
        }
        let isLate = { (erasure: ErasureState) in (erasure.hoursLeft ?? 0) < 0 }
        return [
            condition(.erasureOverdue, open.filter(isLate)),
            condition(.erasureRequested, open.filter { !isLate($0) && $0.status == "requested" }),
            condition(.erasureDue, open.filter { !isLate($0) && $0.status == "ordered" }),
        ].compactMap(\.self)
    }

    /// A village is told of what it can do something about: its own request, and what it has not carried out itself.
    private func isOurs(_ erasure: ErasureState) -> Bool {
        guard node.own.role == .village, erasure.status == "ordered" else { return true }
        return erasure.steps.contains { $0.node == node.own.node.description && !$0.isOver }
    }

    private func condition(_ code: NodeCondition.Code, _ erasures: [ErasureState]) -> NodeCondition? {
        guard !erasures.isEmpty else { return nil }
        let hours = erasures.compactMap(\.hoursLeft).min() ?? 0
        let nodes = Set(erasures.flatMap(\.steps).filter { !$0.isOver }.map(\.node)).sorted().joined(separator: ", ")
        return NodeCondition(
            code, at: node.own.role, since: erasures.compactMap(\.clockStarted).min(),
            [
                "n": .both(erasures.count), "nodes": .both(nodes.isEmpty ? "–" : nodes),
                "hours": hours < 0
                    ? LocalizedText(id: "lewat \(-hours) jam", en: "\(-hours) hours past")
                    : LocalizedText(id: "sisa \(hours) jam", en: "\(hours) hours left"),
            ])
    }
}
