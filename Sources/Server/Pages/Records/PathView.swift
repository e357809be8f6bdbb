import Node

/// The way of a record, *tersimpan → di hub → di pusat → terhitung*, as four steps.
struct PathView {
    struct Step {
        let stepLabel: String
        let isDone: Bool
        let isHeld: Bool
        let stateLabel: String
    }

    let steps: [Step]
    /// One sentence for people who do not see the steps, and for short lists.
    let standing: String
    let heldUpReason: String?

    init(_ path: LinePath, _ words: Wording) {
        let names = ["saved", "hub", "centre", "counted"]
        steps = LineStage.allCases.map { stage in
            let isDone = stage <= path.stage
            let isHeld = path.heldUp != nil && stage.rawValue == path.stage.rawValue + 1
            return Step(
                stepLabel: words("path.\(names[stage.rawValue])"), isDone: isDone, isHeld: isHeld,
                stateLabel: words(isDone ? "path.done" : isHeld ? "path.held" : "path.notYet"))
        }
        standing = words("path.standing\(path.stage.rawValue)")
        heldUpReason = path.heldUp.map { Self.reason($0, words) }
    }

    private static func reason(_ heldUp: (code: String, detail: String), _ words: Wording) -> String {
        let known = words.site.texts.known("reason.\(heldUp.code)", words.language)
        let text = known ?? words("reason.other", ["code": heldUp.code])
        // Details are the other node's own words, as a rule English; they help whoever is asked for help.
        return heldUp.detail.isEmpty || known != nil ? text : "\(text) \(heldUp.detail)"
    }
}
