import Event
import Hummingbird
import Logging
import Node
import ReadModels

/// A village's board: what is due today, what waits, what the hub answered, where the records stand.
struct BoardPages: Sendable {
    struct Item {
        let itemHref: String?
        let itemTitle: String
        let itemDetail: String
        let itemTag: String?
        let itemTagKind: String
    }

    struct WarningView {
        let warningTitle: String
        let warningText: String
        let warningDate: String
        let isUrgent: Bool
    }

    private struct BoardPage {
        let day: String
        let sync: SyncView
        let warnings: [WarningView]
        let hasWarnings: Bool
        let risks: [Item]
        let hasRisks: Bool
        let visits: [Item]
        let hasVisits: Bool
        let cases: [Item]
        let hasCases: Bool
        let answers: [Item]
        let hasAnswers: Bool
        let readsCases: Bool
        let trouble: String?
        let urgent: [ConditionView]
        let hasUrgent: Bool
        let notes: [ConditionView]
        let hasNotes: Bool
    }

    /// Days for which an answer from the hub stays on the board.
    private static let answerDays: Int64 = 14

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/") { try board($0) }
    }

    private func board(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let account = try request.account()
        let words = try Wording(site, request)
        let readsCases = try site.mayReadCases(account)
        var (board, trouble): (DayBoard?, String?) = (nil, nil)
        do {
            board = try site.desk.board(for: try site.node.reader(of: account))
        } catch {
            // Recording must go on without the models; the page says that the lists are missing.
            site.node.logger.error("board", metadata: ["reason": "\(error)"])
            trouble = words("board.trouble")
        }
        let lists = BoardLists(site: site, words: words)
        let risks = readsCases ? lists.risks(board?.risks ?? []) : []
        let visits = try lists.visits(board?.visits ?? [])
        let cases = readsCases ? lists.cases(board?.cases ?? []) : []
        let answers = readsCases ? try lists.answers(days: Self.answerDays, for: account) : []
        let warnings = (board?.warnings ?? []).map { warning in
            WarningView(
                warningTitle: warning.title, warningText: warning.text,
                warningDate: words.dates.text(warning.validFrom),
                isUrgent: warning.isUrgent)
        }
        let conditions = try site.node.conditions()
        let (urgent, notes) = (
            conditions.filter(\.isUrgent).map { ConditionView($0, words) },
            conditions.filter { !$0.isUrgent }.map { ConditionView($0, words) }
        )
        let page = BoardPage(
            day: words.dates.weekdayAndDay(words.dates.today), sync: SyncView(try site.desk.syncState(), words),
            warnings: warnings, hasWarnings: !warnings.isEmpty, risks: risks, hasRisks: !risks.isEmpty, visits: visits,
            hasVisits: !visits.isEmpty, cases: cases, hasCases: !cases.isEmpty, answers: answers,
            hasAnswers: !answers.isEmpty, readsCases: readsCases, trouble: trouble,
            urgent: urgent, hasUrgent: !urgent.isEmpty, notes: notes, hasNotes: !notes.isEmpty)
        return try site.page("board", for: request, title: "board.title", page)
    }
}
