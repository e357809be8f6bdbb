import Catalogue
import Event
import Testing

@Suite("Risk rules")
struct RiskRulesTests {
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.bundled()
    }

    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var yes: [String] = []
        var unknown: [String] = []
        var facts: [String: RiskFact] = [:]
        var score: Int
        var band: String
        var hard: Set<String> = []
        var incomplete = false
    }

    /// The worked examples published with the rules.
    static let examples = [
        Example(testDescription: "E1 procedural nurse to Germany", score: 0, band: "low"),
        Example(
            testDescription: "E2 ziarah visa, sponsor gave Rp15 million, leaves in 12 days",
            yes: ["R01", "R02", "R03", "R04", "R05", "R09", "R14", "R15", "R17"],
            facts: ["departure_on.in_days": .number(12)], score: 100, band: "critical", hard: ["R01"]),
        Example(
            testDescription: "E3 plantation, licensed company, land certificate held, not trained",
            yes: ["R06", "R07", "R08"], score: 25, band: "medium"),
        Example(
            testDescription: "E4 online job, tourist visa in 60 days, nobody interviewed",
            yes: ["R01", "R03", "R04", "R10", "R13"], facts: ["departure_on.in_days": .number(60)], score: 80,
            band: "critical"),
        Example(
            testDescription: "E5 seventeen years old, papers say 21", yes: ["R11", "R12"], score: 55,
            band: "critical", hard: ["R11", "R12"]),
        Example(
            testDescription: "E6 first contact, 15 questions unanswered",
            unknown: (1...15).map { $0 < 10 ? "R0\($0)" : "R\($0)" }, score: 0, band: "medium",
            incomplete: true),
    ]

    @Test("give the published results", arguments: examples)
    func workedExamples(_ example: Example) {
        let rules = catalogue.riskRules
        var answers = Dictionary(uniqueKeysWithValues: rules.rules.map { ($0.id, RiskAnswer.no) })
        for id in example.yes { answers[id] = .yes }
        for id in example.unknown { answers[id] = .unknown }
        let result = rules.assess(answers: answers, facts: RiskFacts(example.facts))
        #expect(result.score == example.score)
        #expect(result.band.code == example.band)
        #expect(Set(result.reasons.filter(\.isHard).map(\.rule.id)) == example.hard)
        #expect(result.incomplete == example.incomplete)
    }

    @Test("a hard trigger outranks the score and stands first among the reasons")
    func hardTriggerFirst() {
        let result = catalogue.riskRules.assess(
            answers: ["R05": .yes, "R02": .yes], facts: RiskFacts(["collateral": .words(["passport"])]),
            stage: "before")
        #expect(result.band.code == "critical")
        #expect(result.reasons.map(\.rule.id) == ["R05", "R02"])
    }

    @Test("salary cut for more than six months makes debt to a broker a hard trigger, six months do not")
    func salaryCut() {
        let hard = { (months: Int64) in
            catalogue.riskRules.assess(
                answers: ["R05": .yes], facts: RiskFacts(["salary_cut_months": .number(months)])
            ).reasons[0].isHard
        }
        #expect(hard(7))
        #expect(!hard(6))
    }

    @Test("only questions of the stage count as unanswered")
    func stageChoosesQuestions() {
        let result = catalogue.riskRules.assess(answers: [:], stage: "during")
        #expect(result.unknown == 4)
        #expect(!result.incomplete)
    }

    @Test("are computed from a screening's own fields, with the days until departure")
    func screeningIsFilledIn() throws {
        let type = try #require(catalogue.types["risk.screened"])
        var data = type.example
        for name in [
            "rules_version", "score_local", "band_local", "incomplete_local", "reasons_local", "hard_local",
        ] {
            data = data.setting(name, to: nil)
        }
        let filled = catalogue.filling(data, of: type, today: "2026-07-14")
        #expect(filled["score_local"] == 100)
        #expect(filled["band_local"] == "critical")
        #expect(filled["hard_local"] == ["R01"])
        #expect(filled["rules_version"] == "0.1.0")
        #expect(type.validate(filled).isEmpty)
        #expect(type.lane(for: filled) == "urgent")
        #expect(type.lane(for: filled.setting("band_local", to: "low")) == "main")
    }

    @Test("a month as the planned departure counts from its first day")
    func truncatedDeparture() throws {
        let type = try #require(catalogue.types["risk.screened"])
        let data = type.example.setting("departure_on", to: "2026-08")
        #expect(
            catalogue.assessment(of: type, data: data, today: "2026-07-14")?.reasons.first?.isHard == true)
        let later = type.example.setting("departure_on", to: "2026-12")
        #expect(
            catalogue.assessment(of: type, data: later, today: "2026-07-14")?.reasons.first?.isHard == false)
    }

    @Test("a yes that rests on rumour stays unknown until confirmed")
    func rumourIsUnknown() throws {
        let type = try #require(catalogue.types["risk.screened"])
        let data: JSON = [
            "person_id": "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60", "screened_on": "2026-07-14",
            "stage": "before",
            "answers": [["indicator": "R16", "answer": "yes", "evidence": "rumour"]],
        ]
        let result = try #require(catalogue.assessment(of: type, data: data, today: "2026-07-14"))
        #expect(result.score == 0)
        #expect(result.incomplete)
    }

    @Test("suggest answers from the visa, the country and the debt")
    func suggestions() throws {
        let type = try #require(catalogue.types["risk.screened"])
        let data: JSON = [
            "screened_on": "2026-07-14", "visa": "ziarah", "country": "SA", "debt_amount": 15_000_000,
        ]
        #expect(catalogue.suggestions(of: type, data: data, today: "2026-07-14") == ["R01", "R04", "R05"])
        let young = catalogue.suggestions(
            of: type, data: [:], today: "2026-07-14", facts: RiskFacts(["age_years": .number(17)]))
        #expect(young == ["R12"])
    }
}
