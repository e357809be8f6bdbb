import Event
import Node
import Store

/// Where this node's records are, in plain words.
struct SyncView {
    struct Count {
        let countLabel: String
        let number: Int
        /// A short name for its colour.
        let countKind: String
    }

    let contact: String
    let isConnected: Bool
    let counts: [Count]
    let sentence: String
    let held: [String]

    init(_ state: SyncState, _ words: Wording) {
        isConnected = state.lastContact != nil
        // A hub's own records go straight to the centre.
        let isHub = words.site.node.own.role == .hub
        // A contact that is still to come is one of a clock that was wrong.
        let isAhead =
            state.lastContact.flatMap { DateTime($0) }
            .map { $0.milliseconds > words.site.desk.moment.milliseconds } ?? false
        contact =
            isAhead
            ? words("sync.clockChanged")
            : state.lastContact.map { words(isHub ? "sync.contactCentre" : "sync.contact", ["when": words.past($0)]) }
                ?? words("sync.never")
        let count = { (stage: LineStage, name: String) in
            Count(countLabel: words("path.\(name)"), number: state.counts[stage] ?? 0, countKind: "at-\(name)")
        }
        counts =
            [count(.saved, "saved")] + (isHub ? [] : [count(.atHub, "hub")])
            + [count(.atCentre, "centre"), count(.counted, "counted")]
        let waiting = (state.counts[.saved] ?? 0) + (isHub ? state.counts[.atHub] ?? 0 : 0)
        let allAway = words(isHub ? "sync.allAtCentre" : "sync.allAway")
        let promise =
            switch state.way {
            case .refused: "sync.waitingStays"
            case .bySchedule: "sync.waiting"
            case .byHand: "sync.waitingByHand"
            }
        sentence = waiting == 0 ? allAway : words(promise, ["n": String(waiting)])
        held = state.heldUp.sorted { $0.key < $1.key }.map { code, number in
            let reason = words.site.texts.known("reason.\(code)", words.language) ?? code
            return words("sync.held", ["n": String(number), "reason": reason])
        }
    }
}
