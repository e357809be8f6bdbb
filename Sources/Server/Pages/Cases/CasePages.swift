import Catalogue
import Event
import Hummingbird
import Node
import Store

/// Cases: the list, and a case's file with what can be done next.
struct CasePages: Sendable {
    private struct CasesPage {
        let open: [BoardPages.Item]
        let hasOpen: Bool
        let closed: [BoardPages.Item]
        let hasClosed: Bool
        let canOpen: Bool
    }

    private struct CasePage {
        let isDangerous: Bool
        let state: String
        let personName: String
        let personHref: String?
        let facts: [RecordPages.Fact]
        let assignment: [RecordPages.Fact]
        let hasAssignment: Bool
        let referrals: [Referral]
        let hasReferrals: Bool
        let actions: [RecordPages.NextStep]
        let hasActions: Bool
        let records: [RecordRow]
    }

    struct Referral {
        let referralTitle: String
        let referralDate: String
        let referralAnswer: String?
        let referralDue: String?
        let answerHref: String?
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/kasus") { try list($0) }
        routes.get("/kasus/{id}") { try file($0) }
    }

    private func list(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let account = try request.account()
        guard try site.mayReadCases(account) else { throw PageError.notAllowed }
        let words = try Wording(site, request)
        let files = try site.desk.cases.all().filter { try site.mayRead($0, account) }
        let open = files.filter { !$0.isClosed }.map { item($0, words) }
        let closed = files.filter(\.isClosed).map { item($0, words) }
        let canOpen = site.node.catalogue.types["case.opened"].map { site.isAllowed($0, for: account) } ?? false
        let page = CasesPage(
            open: open, hasOpen: !open.isEmpty, closed: closed, hasClosed: !closed.isEmpty, canOpen: canOpen)
        return try site.page("cases", for: request, title: "cases.title", page)
    }

    private func item(_ file: CaseFile, _ words: Wording) -> BoardPages.Item {
        let place = site.node.own.role == .village ? nil : file.region.description
        let isUrgent = file.isDangerous && !file.isClosed
        let state = words("caseState.\(file.state.rawValue)")
        return BoardPages.Item(
            itemHref: "/kasus/\(file.id)", itemTitle: file.person.map(words.person) ?? words("cases.noPerson"),
            itemDetail: [
                words.code("CASE_KIND", file.kind), place, words.dates.text(file.openedOn), isUrgent ? state : nil,
            ].compactMap(\.self).joined(separator: " · "), itemTag: isUrgent ? words("cases.danger") : state,
            itemTagKind: isUrgent ? "critical" : file.isClosed ? "done" : "plain")
    }

    private func file(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let account = try request.account()
        guard let file = try site.desk.cases.file(try request.parameter("id")), try site.mayRead(file, account)
        else {
            throw PageError.notFound
        }
        let words = try Wording(site, request)
        let (paths, authors) = (try site.node.paths(), try Authors(site))
        let card = file.person.flatMap { words.persons.card($0) }
        let assignment = file.assignment.map { facts($0, words) } ?? []
        let referrals = file.records.filter { $0.line.type == "case.referred" }
        let actions = file.isClosed ? [] : NextSteps(site, account).links(case: file.id, words)
        let page = CasePage(
            isDangerous: file.isDangerous && !file.isClosed, state: words("caseState.\(file.state.rawValue)"),
            personName: file.person.map(words.person) ?? words("cases.noPerson"),
            personHref: card.map { "/orang/\($0.id)" }, facts: facts(file.opening, words), assignment: assignment,
            hasAssignment: !assignment.isEmpty,
            referrals: referrals.map { referral($0, file, words, account) }, hasReferrals: !referrals.isEmpty,
            actions: actions, hasActions: !actions.isEmpty,
            records: file.records.reversed().map { RecordRow($0, paths, words, authors) })
        return try site.page(
            "case", for: request, title: "", plainTitle: words.code("CASE_KIND", file.kind) ?? words("cases.one"), page)
    }

    private func referral(_ record: Record, _ file: CaseFile, _ words: Wording, _ account: Account) -> Referral {
        let answer = file.answer(to: record)
        let mayAnswer =
            site.node.catalogue.types["case.referral_answered"].map { site.isAllowed($0, for: account) } ?? false
        let text = answer.flatMap { answer in
            [words.code("REFERRAL_ANSWER", answer.data["answer"]?.stringValue), answer.data["note"]?.stringValue]
                .compactMap(\.self).joined(separator: ": ")
        }
        return Referral(
            referralTitle: words.code("REFERRAL_BODY", record.data["to_body"]?.stringValue) ?? "",
            referralDate: words.dates.text(record.occurredAt), referralAnswer: text,
            referralDue: answer == nil ? record.data["respond_by"]?.stringValue.map { words.dates.text($0) } : nil,
            answerHref: answer == nil && mayAnswer
                ? "/catat/case.referral_answered?kasus=\(file.id)&\(RecordContext.query(from: record.key))" : nil)
    }

    private func facts(_ record: Record, _ words: Wording) -> [RecordPages.Fact] {
        (record.type?.fields ?? []).compactMap { field in
            guard !field.isForPrograms, field.control != .personLookup,
                let value = words.value(record.data[field.name], of: field)
            else { return nil }
            return RecordPages.Fact(
                factLabel: field.label[words.language], factValue: value, isLocked: field.sensitivity == .personal,
                factHref: nil)
        }
    }
}
