import Catalogue
import Event
import Node

/// What the risk rules say about a screening, for the person who asked the questions.
struct AssessmentView {
    struct Reason {
        let reasonText: String
        let reasonAdvice: String
        let points: Int
        let isHard: Bool
    }

    let band: BandView
    let score: Int
    let bandAdvice: String
    let isCritical: Bool
    let reasons: [Reason]
    let hasReasons: Bool
    let incompleteText: String?
    let note: String
    let rulesVersion: String
    /// Where a case is opened with what is known already; nil when it is not called for.
    let caseHref: String?
    /// The person's case, when one is open already.
    let openCaseHref: String?

    init?(_ record: Record, _ words: Wording, mayOpenCase: Bool, openCase: String?) {
        let catalogue = words.site.node.catalogue
        guard let type = record.type,
            let assessment = catalogue.assessment(
                of: type, data: record.data, today: record.occurredAt.localDate ?? words.dates.today),
            let band = BandView(code: assessment.band.code, words)
        else { return nil }
        let rules = catalogue.riskRulesByVersion[assessment.rulesVersion] ?? catalogue.riskRules
        let language = words.language
        self.band = band
        score = assessment.score
        bandAdvice = assessment.band.advice[language]
        isCritical = assessment.band.code == rules.hardBand.code
        reasons = assessment.reasons.map { reason in
            Reason(
                reasonText: reason.rule.indicator[language], reasonAdvice: reason.rule.advice[language],
                points: reason.rule.weight, isHard: reason.isHard)
        }
        hasReasons = !reasons.isEmpty
        incompleteText =
            assessment.incomplete ? words("risk.incomplete", ["n": String(assessment.unknown)]) : nil
        note = rules.note[language]
        rulesVersion = assessment.rulesVersion
        openCaseHref = openCase.map { "/kasus/\($0)" }
        let isCalledFor = isCritical && mayOpenCase && !record.isRetracted && openCase == nil
        caseHref =
            isCalledFor
            ? "/catat/case.opened?\(RecordContext.query(from: record.key))&isi.kind=illegal_recruitment&isi.reporter_kind=organizer"
            : nil
    }
}
