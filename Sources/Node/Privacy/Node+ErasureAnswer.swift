import Catalogue
import Event
import ReadModels
import Store
import Synchronization

/// Answering whoever asked to be erased: by the node that gave the order, once nothing is left to wait for.
extension Node {
    /// Records `privacy.request_fulfilled` for requests whose orders every node has carried out. A revoked laptop gets no
    /// order any more: what became of its keys nobody knows, so the answer is *partly*, and says which.
    public func completeErasures() throws {
        guard own.role != .village, try !store.isHolding() else { return }
        let answered = answeredErasures.withLock { $0 }
        let open = try store.erasureOrders().filter { order in
            order.through == .max && !answered.contains(order.reference)
                && (try? LineReference(order.reference))?.log.node == own.node
        }
        for (person, orders) in Dictionary(grouping: open, by: \.holder).sorted(by: { $0.key < $1.key }) {
            let requests = try unansweredRequests(of: person)
            guard try requests.isEmpty || answer(requests, of: person) else { continue }
            answeredErasures.withLock { $0.formUnion(orders.map(\.reference)) }
        }
    }

    /// What this node's orders name as their requests, and nobody has answered.
    private func unansweredRequests(of person: String) throws -> Set<String> {
        var (asked, answered) = (Set<String>(), Set<String>())
        for held in try store.privacyLines(about: person) {
            guard let line = try? EventLine(parsing: held.bytes), let request = line.data["request_ref"]?.stringValue
            else { continue }
            if line.type == "privacy.erasure_ordered", held.log.node == own.node { asked.insert(request) }
            if line.type == "privacy.request_fulfilled" { answered.insert(request) }
        }
        return asked.subtracting(answered)
    }

    /// - Returns: false while a node is waited for.
    private func answer(_ requests: Set<String>, of person: String) throws -> Bool {
        let steps = try erasureProgress(of: person, reader: .holder).flatMap(\.steps)
        guard !steps.isEmpty, steps.allSatisfy(\.isOver) else { return false }
        let revoked = steps.filter { $0.state == "revoked" }.map(\.node).sorted()
        let base: JSON = [
            "outcome": .string(revoked.isEmpty ? "fulfilled" : "partly"), "key_destroyed": true,
            "fulfilled_at": .string(moment.description),
        ]
        let ground = "Laptop yang dicabut tidak menerima perintah lagi: \(revoked.joined(separator: ", "))"
        let data = revoked.isEmpty ? base : base.setting("refusal_ground", to: .string(ground))
        let village = try village(of: person)
        try recorder.record(
            requests.sorted().map { request in
                Draft(
                    type: "privacy.request_fulfilled", subject: person,
                    data: data.setting("request_ref", to: .string(request)), actor: own.node.description,
                    role: "system", audience: village)
            })
        return true
    }
}
