import Foundation
import Store

/// Whether this machine's clock can be right, by what is noted here.
struct ClockState {
    /// No node is older: 2026-01-01.
    private static let earliest = Date(timeIntervalSince1970: 1_767_225_600)
    private static let tolerance: TimeInterval = 300

    let node: Node

    func conditions() throws -> [NodeCondition] {
        let (now, role) = (node.now(), node.own.role)
        guard now >= Self.earliest else {
            return [NodeCondition(.clockWrong, at: role, ["day": .both(node.localDay(now))])]
        }
        guard let parent = try node.parent(), let contact = try node.store.peer(parent.node).lastContact,
            let date = Contact.date(contact), date > now + Self.tolerance
        else { return [] }
        return [NodeCondition(.clockChanged, at: role, since: contact, ["day": .both(node.localDay(date))])]
    }
}
