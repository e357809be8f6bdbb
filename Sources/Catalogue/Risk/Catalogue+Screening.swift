import Event

extension Catalogue {
    /// What the risk rules say about a record whose type has risk questions; nil for every other type.
    ///
    /// - Parameters:
    ///   - data: as entered; a `rules_version` in it chooses the rules, else the newest are used.
    ///   - today: the local date, used where the record names no date of its own.
    ///   - facts: known from elsewhere, e.g. `age_years`.
    public func assessment(
        of type: EventType, data: JSON, today: String, facts extra: RiskFacts = RiskFacts()
    ) -> RiskAssessment? {
        guard let questions = type.fields.first(where: { $0.control == .riskQuestions }) else { return nil }
        return rules(for: type, data).assess(
            answers: Self.answers(in: data[questions.name]), facts: facts(of: type, data, today, extra),
            stage: data["stage"]?.stringValue)
    }

    /// The rules whose "yes" the facts entered so far suggest.
    public func suggestions(
        of type: EventType, data: JSON, today: String, facts extra: RiskFacts = RiskFacts()
    ) -> Set<String> {
        rules(for: type, data).suggestions(facts: facts(of: type, data, today, extra))
    }

    /// The data with the members that the program fills in: results of the risk rules, replacing what stood
    /// there.
    public func filling(
        _ data: JSON, of type: EventType, today: String, facts: RiskFacts = RiskFacts()
    ) -> JSON {
        guard let assessment = assessment(of: type, data: data, today: today, facts: facts) else {
            return data
        }
        return type.fields.reduce(data) { filled, field in
            guard let filler = field.filledBy else { return filled }
            return filled.setting(field.name, to: assessment.value(for: filler))
        }
    }

    private func rules(for type: EventType, _ data: JSON) -> RiskRules {
        let field = type.fields.first { $0.filledBy == .riskRulesVersion }
        let version = field.flatMap { data[$0.name]?.stringValue }
        return version.flatMap { riskRulesByVersion[$0] } ?? riskRules
    }

    private func facts(of type: EventType, _ data: JSON, _ today: String, _ extra: RiskFacts) -> RiskFacts {
        let date = type.occurredField.flatMap { data[$0]?.stringValue }.flatMap(OccurredAt.init)?.localDate
        var facts = RiskFacts(of: data, fields: type.fields, on: date ?? today)
        for (name, fact) in extra.values { facts.add(name, fact) }
        return facts
    }

    private static func answers(in value: JSON?) -> [String: RiskAnswer] {
        var answers: [String: RiskAnswer] = [:]
        for element in value?.arrayValue ?? [] {
            guard let indicator = element["indicator"]?.stringValue else { continue }
            answers[indicator] = element["answer"]?.stringValue.flatMap(RiskAnswer.init)
            // Hearsay is asked about again before it weighs against anybody.
            if answers[indicator] == .yes && element["evidence"]?.stringValue == "rumour" {
                answers[indicator] = .unknown
            }
        }
        return answers
    }
}

extension RiskAssessment {
    fileprivate func value(for filler: Filler) -> JSON? {
        switch filler {
        case .riskRulesVersion: .string(rulesVersion)
        case .riskScore: .int(Int64(score))
        case .riskBand: .string(band.code)
        case .riskIncomplete: .bool(incomplete)
        case .riskReasons: Self.ids(of: reasons)
        case .riskHard: Self.ids(of: reasons.filter(\.isHard))
        }
    }

    private static func ids(of reasons: [Reason]) -> JSON? {
        reasons.isEmpty ? nil : .array(reasons.map { .string($0.rule.id) })
    }
}
