import Catalogue
import Event
import Foundation
import Store

/// How it stands with the node above: never met, not for long, the last sync failed, records it will not take.
struct Contact {
    /// Without contact for so long, something has to be done: a laptop syncs nightly, and may miss a few.
    static let patience: TimeInterval = 7 * 86_400

    let node: Node

    func conditions() throws -> [NodeCondition] {
        guard let parent = try node.parent() else { return [] }
        let role = node.own.role
        let peer = try node.store.peer(parent.node)
        var found = failure(peer).map { [$0] } ?? []
        if let last = peer.lastContact.flatMap(Self.date) {
            let days = Int(node.now().timeIntervalSince(last) / 86_400)
            if node.now().timeIntervalSince(last) >= Self.patience, !found.contains(where: { $0.code == .revoked }) {
                found.append(
                    NodeCondition(
                        .silent, at: role, since: peer.lastContact, about: parent.node.description,
                        [
                            "days": .both(days)
                        ]))
            }
        } else if !found.contains(where: { $0.code == .revoked }) {
            found.insert(NodeCondition(.neverSynced, at: role, about: parent.node.description), at: 0)
        }
        return found + (try held())
    }

    private func failure(_ peer: PeerMemory) -> NodeCondition? {
        guard let reason = peer.failureReason else { return nil }
        // Of an older program there is no code.
        let code = peer.failureCode.flatMap(NodeCondition.Code.init) ?? .syncFailed
        // A disk that was full is looked at as it is now.
        guard code != .diskFull else { return nil }
        return NodeCondition(
            code, at: node.own.role, since: peer.lastFailure, about: peer.node.description,
            ["reason": Self.reason(reason)])
    }

    /// Own records that are not counted for now. A refused node has nothing to be told about single ones.
    private func held() throws -> [NodeCondition] {
        let heldUp = try SyncState(node: node).heldUp
        guard !heldUp.isEmpty else { return [] }
        let number = heldUp.values.reduce(0, +)
        let reasons = heldUp.keys.sorted().map(HeldUpReason.text)
        return [
            NodeCondition(
                .recordsHeld, at: node.own.role,
                [
                    "n": .both(number),
                    "why": LocalizedText(
                        id: reasons.map(\.id).joined(separator: "; "), en: reasons.map(\.en).joined(separator: "; ")),
                ])
        ]
    }

    /// A refusal names its code in brackets, and that has words in both languages. Other errors are read out as they are.
    private static func reason(_ text: String) -> LocalizedText {
        guard let match = text.firstMatch(of: #/\(([a-z-]+)\): /#) else { return .both(text) }
        return LocalizedText(id: HeldUpReason.text(String(match.1)).id, en: text)
    }

    static func date(_ text: String) -> Date? {
        DateTime(text).map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1_000) }
    }
}
