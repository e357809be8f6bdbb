import Catalogue
import Event
import Hummingbird
import Node
import ReadModels

/// A hub's morning page: who is silent, what failed, what is stuck, what is urgent, which cases wait for whom.
struct MorningPages: Sendable {
    struct Trouble {
        let troubleTitle: String
        let troubleDetail: String
        let troubleHelp: String?
    }

    private struct MorningPage {
        let day: String
        let headline: [Headline]
        let sync: SyncView
        let urgent: [BoardPages.Item]
        let hasUrgent: Bool
        let triage: [BoardPages.Item]
        let hasTriage: Bool
        let assign: [BoardPages.Item]
        let hasAssign: Bool
        let referrals: [BoardPages.Item]
        let hasReferrals: Bool
        let silent: [BoardPages.Item]
        let hasSilent: Bool
        let states: [ConditionView]
        let hasStates: Bool
        let alarms: [ConditionView]
        let failed: [Trouble]
        let hasFailed: Bool
        let stuck: [Trouble]
        let hasStuck: Bool
    }

    struct Headline {
        let headlineNumber: Int
        let headlineLabel: String
        let headlineHref: String
        let headlineKind: String
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/") { try morning($0) }
    }

    private func morning(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let account = try request.account()
        let reader = try site.node.reader(of: account)
        guard try site.mayReadCases(account) else { throw PageError.notAllowed }
        let words = try Wording(site, request)
        let (board, report) = (try site.desk.board(for: reader), try site.desk.morningReport(for: reader))
        let lists = BoardLists(site: site, words: words)
        let dangerous = board.cases.filter { $0.isDangerous || $0.severity == "emergency" }
        let urgent =
            lists.cases(dangerous) + lists.risks(board.risks.filter { $0.band == "critical" && $0.openCase == nil })
        let untriaged = board.cases.filter { $0.severity == nil }
        let unassigned = board.cases.filter { $0.severity != nil && $0.assignedVillage == nil }
        let referred = board.cases.filter { $0.openReferrals > 0 }
        let silent = report.silent.map { silence($0, words) }
        let conditions = try site.node.conditions()
        let states = conditions.filter { !$0.isAlarm }.map { ConditionView($0, words) }
        let alarms = conditions.filter(\.isAlarm).map { ConditionView($0, words) }
        let failed = report.refusals.map { failure($0, words) }
        let stuck = report.stuck.map { parked($0, words) }
        let page = MorningPage(
            day: words.dates.weekdayAndDay(words.dates.today),
            headline: [
                headline("urgent", urgent.count, words, isBad: true),
                headline("silent", silent.count, words, isBad: false),
                headline("failed", alarms.count + failed.count, words, isBad: true),
                headline("stuck", stuck.count, words, isBad: false),
            ], sync: SyncView(report.upwards, words), urgent: urgent, hasUrgent: !urgent.isEmpty,
            triage: lists.cases(untriaged), hasTriage: !untriaged.isEmpty, assign: lists.cases(unassigned),
            hasAssign: !unassigned.isEmpty, referrals: lists.cases(referred), hasReferrals: !referred.isEmpty,
            silent: silent, hasSilent: !silent.isEmpty, states: states, hasStates: !states.isEmpty, alarms: alarms,
            failed: failed, hasFailed: !(alarms.isEmpty && failed.isEmpty), stuck: stuck,
            hasStuck: !stuck.isEmpty)
        return try site.page("morning", for: request, title: "morning.title", page)
    }

    private func headline(_ name: String, _ number: Int, _ words: Wording, isBad: Bool) -> Headline {
        Headline(
            headlineNumber: number, headlineLabel: words("morning.\(name)Short"), headlineHref: "#\(name)",
            headlineKind: number == 0 ? "calm" : isBad ? "bad" : "warn")
    }

    private func silence(_ silent: MorningReport.Silent, _ words: Wording) -> BoardPages.Item {
        let last = silent.lastContact.map { words("morning.lastContact", ["day": words.dates.text($0)]) }
        return BoardPages.Item(
            itemHref: nil, itemTitle: silent.node, itemDetail: "\(silent.region) · \(last ?? words("morning.never"))",
            itemTag: silent.days.map { words("morning.days", ["n": String($0)]) }, itemTagKind: "late")
    }

    private func failure(_ failure: MorningReport.Failure, _ words: Wording) -> Trouble {
        Trouble(
            troubleTitle: words.trouble(failure.code), troubleDetail: "\(failure.log) · \(words.past(failure.at))",
            troubleHelp: words.troubleHelp(failure.code, failure.detail))
    }

    private func parked(_ line: ParkedLine, _ words: Wording) -> Trouble {
        Trouble(
            troubleTitle: words.trouble(line.reason.rawValue),
            troubleDetail: "\(line.type ?? "?") · \(line.log)#\(line.sequence)",
            troubleHelp: words.troubleHelp(line.reason.rawValue, line.detail))
    }
}

extension Wording {
    /// What keeps a record here from being counted, as the one who runs this node reads it.
    func trouble(_ code: String) -> String {
        site.texts.known("trouble.\(code)", language) ?? site.texts.known("reason.\(code)", language) ?? code
    }

    /// What to do about it; the detail as the program names it where there are no words for that.
    func troubleHelp(_ code: String, _ detail: String) -> String? {
        let help = site.texts.known("help.\(code)", language)
        let shown = language == .indonesian && help != nil ? "" : detail
        let text = [shown, help ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return text.isEmpty ? nil : text
    }
}
