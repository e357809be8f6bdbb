import Node

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
    let trouble: String?
    let held: [String]

    init(_ state: SyncState, _ words: Wording) {
        isConnected = state.lastContact != nil
        contact = state.lastContact.map { words("sync.contact", ["when": words.past($0)]) } ?? words("sync.never")
        counts = [
            Count(countLabel: words("path.saved"), number: state.counts[.saved] ?? 0, countKind: "at-saved"),
            Count(countLabel: words("path.hub"), number: state.counts[.atHub] ?? 0, countKind: "at-hub"),
            Count(countLabel: words("path.centre"), number: state.counts[.atCentre] ?? 0, countKind: "at-centre"),
            Count(countLabel: words("path.counted"), number: state.counts[.counted] ?? 0, countKind: "at-counted"),
        ]
        let waiting = state.counts[.saved] ?? 0
        sentence = waiting == 0 ? words("sync.allAway") : words("sync.waiting", ["n": String(waiting)])
        let failed = state.lastFailure.map { failure in failure > (state.lastContact ?? "") } ?? false
        trouble = failed ? words("sync.failed", ["reason": state.failureReason ?? ""]) : nil
        held = state.heldUp.sorted { $0.key < $1.key }.map { code, number in
            let reason = words.site.texts.known("reason.\(code)", words.language) ?? code
            return words("sync.held", ["n": String(number), "reason": reason])
        }
    }
}
