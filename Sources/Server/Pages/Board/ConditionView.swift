import Catalogue
import Node

/// A condition of the node on a first page: what is so, since when, what to do.
struct ConditionView {
    let conditionCode: String
    let conditionTitle: String
    let conditionDetail: String?
    let conditionHelp: String
    let isUrgent: Bool

    init(_ condition: NodeCondition, _ words: Wording) {
        self.init(
            condition, words.language,
            since: condition.since.map { words("sync.since", ["when": words.past($0)]) })
    }

    init(_ condition: NodeCondition, _ language: Language, since: String?) {
        conditionCode = condition.code.rawValue
        conditionTitle = condition.what[language]
        conditionDetail = since
        conditionHelp = condition.next[language]
        isUrgent = condition.isUrgent
    }
}
