import Event

/// Reads a version of the risk rules.
struct RiskRulesReader {
    func riskRules(_ root: SchemaNode) throws(CatalogueError) -> RiskRules {
        _ = try root.members(allowed: [
            "risk_rules", "note", "cap", "unknown_limit", "incomplete_band", "hard_band", "bands", "rules",
            "$comment",
        ])
        let bands = try bands(root.required("bands"))
        let rules = try rules(root.required("rules"))
        return RiskRules(
            version: try root.required("risk_rules").text(), rules: rules, bands: bands,
            unknownLimit: Int(try root.required("unknown_limit").integer()),
            incompleteBand: try band(root.required("incomplete_band"), bands),
            hardBand: try band(root.required("hard_band"), bands),
            cap: Int(try root.required("cap").integer()), note: try root.required("note").localized())
    }

    private func bands(_ node: SchemaNode) throws(CatalogueError) -> [RiskRules.Band] {
        var bands: [RiskRules.Band] = []
        for element in try node.list() {
            _ = try element.members(allowed: ["band", "min", "label", "advice"])
            bands.append(
                RiskRules.Band(
                    code: try element.required("band").text(),
                    label: try element.required("label").localized(),
                    min: Int(try element.required("min").integer()),
                    advice: try element.required("advice").localized()))
        }
        guard bands.first?.min == 0, zip(bands, bands.dropFirst()).allSatisfy({ $0.min < $1.min }) else {
            throw node.error("The bands leave a gap or are out of order.", "Start at 0 and ascend.")
        }
        return bands
    }

    private func band(_ node: SchemaNode, _ bands: [RiskRules.Band]) throws(CatalogueError) -> RiskRules.Band {
        let code = try node.text()
        guard let band = bands.first(where: { $0.code == code }) else {
            throw node.error("There is no band \"\(code)\".", "Name one of the bands.")
        }
        return band
    }

    private func rules(_ node: SchemaNode) throws(CatalogueError) -> [RiskRules.Rule] {
        let elements = try node.list()
        var ids: Set<String> = []
        for element in elements {
            let id = try element.required("id")
            guard ids.insert(try id.text()).inserted else {
                throw id.error("The rule stands here twice.", "Keep one.")
            }
        }
        var rules: [RiskRules.Rule] = []
        for element in elements { rules.append(try rule(element, ids: ids)) }
        return rules
    }

    private func rule(_ node: SchemaNode, ids: Set<String>) throws(CatalogueError) -> RiskRules.Rule {
        _ = try node.members(allowed: [
            "id", "phase", "weight", "indicator", "question", "evidence", "advice", "hard", "suggest", "ilo",
            "basis",
            "$comment",
        ])
        return RiskRules.Rule(
            id: try node.required("id").text(), phase: try node.required("phase").text(),
            indicator: try node.required("indicator").localized(),
            question: try node.required("question").localized(),
            advice: try node.required("advice").localized(),
            evidence: try node.required("evidence").localized(),
            weight: Int(try node.required("weight").integer()),
            hard: try condition(node.optional("hard"), ids),
            suggest: try condition(node.optional("suggest"), ids),
            basis: try node.required("basis").text(), ilo: try node.required("ilo").texts())
    }

    private func condition(_ node: SchemaNode?, _ ids: Set<String>) throws(CatalogueError) -> RiskCondition? {
        guard let node else { return nil }
        return try parse(node, ids)
    }

    /// Exactly one form an object: `always`, `all`, `any`, `not`, `answer` + `is`, or `fact` + a comparison.
    private func parse(_ node: SchemaNode, _ ids: Set<String>) throws(CatalogueError) -> RiskCondition {
        switch Set(try node.members().map(\.key)) {
        case ["always"]: return .always
        case ["all"]: return .all(try conditions(node.required("all"), ids))
        case ["any"]: return .any(try conditions(node.required("any"), ids))
        case ["not"]: return .not(try parse(node.required("not"), ids))
        case ["answer", "is"]:
            let rule = try node.required("answer")
            guard ids.contains(try rule.text()) else {
                throw rule.error("There is no such rule.", "Name one.")
            }
            return .answer(rule: try rule.text(), is: try node.required("is").choice(of: RiskAnswer.self))
        case ["fact", "at_most"]:
            return .atMost(fact: try node.required("fact").text(), try node.required("at_most").integer())
        case ["fact", "more_than"]:
            return .moreThan(fact: try node.required("fact").text(), try node.required("more_than").integer())
        case ["fact", "one_of"]:
            return .oneOf(fact: try node.required("fact").text(), Set(try node.required("one_of").texts()))
        default:
            throw node.error(
                "This is no condition.",
                "Use always, all, any, not, answer with is, or fact with at_most, more_than or one_of.")
        }
    }

    private func conditions(_ node: SchemaNode, _ ids: Set<String>) throws(CatalogueError) -> [RiskCondition] {
        var conditions: [RiskCondition] = []
        for element in try node.list() { conditions.append(try parse(element, ids)) }
        return conditions
    }
}
