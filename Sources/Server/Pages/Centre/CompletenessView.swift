import Catalogue
import Node
import ReadModels

/// How complete a figure is, in words, beside the figure.
struct CompletenessView {
    let reporting: Int
    let enrolledNodes: Int
    let share: String
    let isComplete: Bool
    let isRestated: Bool
    let stateLabel: String
    let rule: String
    let silentNodes: String?
    let completenessText: String

    init(_ completeness: Completeness, _ words: Wording) {
        reporting = completeness.reporting
        enrolledNodes = completeness.enrolled
        share = enrolledNodes == 0 ? "–" : "\(reporting * 100 / enrolledNodes) %"
        isComplete = reporting == enrolledNodes && enrolledNodes > 0
        isRestated = completeness.state == .restated
        stateLabel = words("query.state\(completeness.state.rawValue)")
        rule = completeness.rule[words.language]
        let silent = completeness.silent.prefix(12).map { silent in
            let contact = silent.lastContact.map { words.dates.text($0.description) } ?? words("morning.never")
            return "\(silent.node) (\(contact))"
        }
        let more = completeness.silent.count - silent.count
        let list = silent.joined(separator: ", ") + (more > 0 ? words("query.andMore", ["n": String(more)]) : "")
        silentNodes = silent.isEmpty ? nil : list
        completenessText = words(
            "query.completeness", ["reporting": String(reporting), "enrolled": String(enrolledNodes)])
    }
}
