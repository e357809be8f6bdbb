import Catalogue
import Event

/// The questions of the risk rules as a form asks them: an answer and, for "yes", on what it rests.
enum RiskQuestions {
    /// `[{"indicator":"R01","answer":"yes","evidence":"self"}, …]` from entries `answers.R01`, `answers.R01.evidence`.
    static func answers(in entries: RecordForm.Entries, field: String) -> JSON? {
        let indicators = Set(
            entries.keys.filter { $0.hasPrefix(field + ".") }.compactMap {
                $0.dropFirst(field.count + 1).split(separator: ".").first.map(String.init)
            })
        let answers: [JSON] = indicators.sorted().compactMap { indicator in
            guard let answer = entries["\(field).\(indicator)"]?.first, !answer.isEmpty else { return nil }
            var members = [JSONMember("indicator", .string(indicator)), JSONMember("answer", .string(answer))]
            if answer == RiskAnswer.yes.rawValue,
                let evidence = entries["\(field).\(indicator).evidence"]?.first, !evidence.isEmpty
            {
                members.append(JSONMember("evidence", .string(evidence)))
            }
            return .object(members)
        }
        return answers.isEmpty ? nil : .array(answers)
    }

    static func entries(of value: JSON, field: String) -> RecordForm.Entries {
        (value.arrayValue ?? []).reduce(into: [:]) { entries, element in
            guard let indicator = element["indicator"]?.stringValue, let answer = element["answer"]?.stringValue else {
                return
            }
            entries["\(field).\(indicator)"] = [answer]
            if let evidence = element["evidence"]?.stringValue {
                entries["\(field).\(indicator).evidence"] = [evidence]
            }
        }
    }
}
