import Catalogue
import Event
import Hummingbird
import Node
import Store

/// Finding persons by name, and a person's file. Names are searched in memory and never stand in an address.
struct PeoplePages: Sendable {
    private struct PeoplePage {
        struct Person {
            let personHref: String
            let personName: String
            let personDetails: String
            let isLockedName: Bool
        }

        let typed: String
        let found: [Person]
        let resultText: String
        let hasMore: Bool
        let canRegister: Bool
        /// To those who may be registered twice; nil for whom it is not.
        let likenessHref: String?
        let action: String
        /// Where it goes on without a person; nil unless one is being chosen for a record.
        let withoutHref: String?
    }

    private struct PersonPage {
        let isNew: Bool
        let newText: String
        let name: String
        let details: String
        let isLockedName: Bool
        let lockedNote: String
        /// Where the person went, or came from; nil for who stayed.
        let movedText: String?
        let facts: [RecordPages.Fact]
        let registrationHref: String?
        let nextSteps: [RecordPages.NextStep]
        let cases: [BoardPages.Item]
        let hasCases: Bool
        let records: [RecordRow]
        let recordsText: String
        let band: BandView?
        /// Where an erasure is decided; nil for whom it is not.
        let eraseHref: String?
        /// Of the registration that is kept, where this one was found to be of the same person.
        let keptHref: String?
    }

    private static let mostFound = 60

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/orang") { try list($0) }
        routes.post("/orang") { try list($0) }
        routes.get("/orang/{id}") { try person($0) }
    }

    private func list(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let words = try Wording(site, request)
        let typed = request.form["name"] ?? ""
        let purpose = request.query["untuk"].flatMap { site.node.catalogue.types[$0] }
        guard words.persons.areKnown else { throw PageError.notAllowed }
        let cards = words.persons.find(typed)
        let people = cards.prefix(Self.mostFound).map { card in
            PeoplePage.Person(
                personHref: purpose.map { "/catat/\($0.name)?orang=\(card.id)" } ?? "/orang/\(card.id)",
                personName: words.name(card), personDetails: words.details(card),
                isLockedName: card.name == nil)
        }
        let text = typed.isEmpty ? "people.all" : cards.isEmpty ? "people.none" : "people.found"
        let page = PeoplePage(
            typed: typed, found: people, resultText: words(text, ["n": String(cards.count)]),
            hasMore: cards.count > Self.mostFound, canRegister: site.node.own.role == .village,
            likenessHref: LikenessPages.isAllowed(site, try request.account()) ? LikenessPages.path : nil,
            action: purpose.map { "/orang?untuk=\($0.name)" } ?? "/orang",
            withoutHref: purpose.flatMap { $0.needsPerson ? nil : "/catat/\($0.name)" })
        let title = purpose.map { words("people.choose", ["action": words.action($0)]) } ?? words("people.title")
        return try site.page("people", for: request, title: "", plainTitle: title, page)
    }

    private func person(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let account = try request.account()
        let id = try request.parameter("id")
        let entries = ([id] + site.desk.people.absorbed(by: id)).flatMap(site.desk.index.about)
        guard !entries.isEmpty else { throw PageError.notFound }
        let words = try Wording(site, request)
        let card = words.persons.card(id)
        let records = try site.desk.reader.records(entries).filter { try site.mayRead($0, account) }
            .filter { !$0.line.type.hasPrefix("record.") }
        guard !records.isEmpty else { throw PageError.notFound }
        let (paths, authors) = (try site.node.paths(), try Authors(site))
        let rows = records.reversed().map { RecordRow($0, paths, words, authors) }
        let cases = try site.mayReadCases(account) ? try caseItems(id, account, words) : []
        let page = PersonPage(
            isNew: request.query["baru"] != nil, newText: words("person.savedText"),
            name: card.map(words.name) ?? words("people.unknown"), details: card.map(words.details) ?? "",
            isLockedName: card?.name == nil, lockedNote: card?.unreadable.map(words.note) ?? words("record.locked"),
            movedText: try movedText(id, words), facts: try facts(card, words),
            registrationHref: card.map { $0.registration.path },
            nextSteps: NextSteps(site, account).links(person: id, words, limit: 8), cases: cases,
            hasCases: !cases.isEmpty, records: rows, recordsText: words("person.records", ["n": String(rows.count)]),
            band: rows.compactMap { $0.isTakenBack ? nil : $0.rowBand }.first,
            eraseHref: ErasurePages.isAllowed(site, account) ? "/orang/\(id)/hapus" : nil,
            keptHref: site.desk.people.keptAs(id).map { "/orang/\($0)" })
        return try site.page(
            "person", for: request, title: "", plainTitle: card.map(words.name) ?? words("people.unknown"), page)
    }

    /// The latest move, as seen from here.
    private func movedText(_ person: String, _ words: Wording) throws -> String? {
        let here = site.node.own.region
        let moves = try site.node.personMoves().filter { $0.person == person && $0.from != $0.now }
        guard let move = moves.first(where: { $0.from.isAtOrBelow(here) }) ?? moves.first else { return nil }
        let text = move.now.isAtOrBelow(here) ? "person.movedHere" : "person.movedAway"
        let moved = words(
            text, ["from": move.from.description, "to": move.now.description, "on": words.dates.text(move.movedOn)])
        guard text == "person.movedAway" else { return moved }
        return moved + " " + words(move.handedOverOn == nil ? "person.handoverWaits" : "person.handoverDone")
    }

    private func facts(_ card: PersonCard?, _ words: Wording) throws -> [RecordPages.Fact] {
        guard let card, let record = try site.desk.reader.record(card.registration), let type = record.type else {
            return []
        }
        return type.fields.compactMap { field in
            guard field.name != "full_name", !field.isForPrograms,
                let value = words.value(record.data[field.name], of: field)
            else { return nil }
            return RecordPages.Fact(
                factLabel: field.label[words.language], factValue: value, isLocked: field.sensitivity == .personal,
                factHref: nil)
        }
    }

    private func caseItems(
        _ person: String, _ account: Account, _ words: Wording
    ) throws -> [BoardPages.Item] {
        try site.desk.cases.about(person: person).filter { try site.mayRead($0, account) }.map { file in
            BoardPages.Item(
                itemHref: "/kasus/\(file.id)", itemTitle: words.code("CASE_KIND", file.kind) ?? "",
                itemDetail: words.dates.text(file.openedOn), itemTag: words("caseState.\(file.state.rawValue)"),
                itemTagKind: file.isDangerous && !file.isClosed ? "critical" : "plain")
        }
    }
}

extension EventType {
    /// Whether the record makes no sense without a person.
    fileprivate var needsPerson: Bool {
        subject.kind == "person" || fields.contains { $0.control == .personLookup && $0.required }
    }
}
