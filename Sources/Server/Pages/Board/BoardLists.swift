import Event
import Node
import Store

/// Rows of the boards in words, with names where the keys are here.
struct BoardLists {
    typealias Item = BoardPages.Item

    let site: Site
    let words: Wording

    func visits(_ visits: [DayBoard.Visit]) throws -> [Item] {
        try visits.map { visit in
            let persons = try persons(of: visit)
            let names = persons.compactMap(\.shownName).joined(separator: ", ")
            let purpose = words.code("VISIT_PURPOSE", visit.purpose)
            let last = visit.lastVisitOn.map { words("board.lastVisit", ["when": words.past($0)]) }
            return Item(
                itemHref: persons.first.map { "/orang/\($0.id)" } ?? visit.record?.path,
                itemTitle: names.isEmpty ? words("board.household") : names,
                itemDetail: [persons.first?.hamlet, purpose, last].compactMap(\.self).joined(separator: " · "),
                itemTag: words.due(visit.dueOn), itemTagKind: visit.isOverdue ? "late" : "plain")
        }
    }

    /// The persons of a household: those registered in it, else those met at its last visit.
    private func persons(of visit: DayBoard.Visit) throws -> [PersonCard] {
        let registered = words.persons.all().filter { $0.household == visit.household }
        guard registered.isEmpty, let key = visit.record, let record = try site.desk.reader.record(key) else {
            return registered
        }
        return (record.data["person_ids"]?.arrayValue ?? []).compactMap(\.stringValue)
            .compactMap { words.persons.card($0) }
    }

    func risks(_ risks: [DayBoard.Risk]) -> [Item] {
        risks.map { risk in
            let departure = risk.departureOn.map { words("board.departs", ["when": words.dates.text($0)]) }
            let place = site.node.own.role == .village ? nil : risk.region
            let followUp = words(risk.openCase == nil ? "board.noCase" : "board.caseOpen")
            return Item(
                itemHref: risk.record?.path ?? "/orang/\(risk.person)", itemTitle: words.person(risk.person),
                itemDetail: [place, departure, followUp].compactMap(\.self).joined(separator: " · "),
                itemTag: words.code("RISK_BAND", risk.band), itemTagKind: risk.band)
        }
    }

    func cases(_ cases: [DayBoard.Case]) -> [Item] {
        cases.map { item in
            Item(
                itemHref: "/kasus/\(item.id)",
                itemTitle: item.person.map(words.person) ?? words("cases.noPerson"), itemDetail: detail(of: item),
                itemTag: tag(of: item), itemTagKind: item.isDangerous ? "critical" : item.isOverdue ? "late" : "plain")
        }
    }

    private func detail(of item: DayBoard.Case) -> String {
        let task = item.task.flatMap { words.code("TASK", $0) }.map { task in
            item.taskDueOn.map { "\(task), \(words.due($0))" } ?? task
        }
        let age = item.ageDays <= 0 ? words("when.today") : words("cases.age", ["n": String(item.ageDays)])
        let place = site.node.own.role == .village ? nil : item.region
        return [words.code("CASE_KIND", item.kind), place, task, age].compactMap(\.self).joined(separator: " · ")
    }

    private func tag(of item: DayBoard.Case) -> String {
        if item.isDangerous { return words("cases.danger") }
        if let severity = words.code("SEVERITY", item.severity) { return severity }
        return words("cases.waiting")
    }

    /// What the hub wrote about this village's cases of late.
    func answers(days: Int64, for account: Account) throws -> [Item] {
        let since = site.desk.moment.milliseconds - days * 86_400_000
        let entries = ["case.assigned", "case.referral_answered", "case.closed"].flatMap { site.desk.index.ofType($0) }
            .filter { $0.recorded >= since && $0.key.log.node != site.node.own.node }
            .sorted { $0.recorded > $1.recorded }
        return try entries.prefix(10).compactMap { entry in
            guard let record = try site.desk.reader.record(entry.key), !record.isRetracted,
                let file = try site.desk.cases.file(entry.subject), try site.mayRead(file, account)
            else { return nil }
            let name = file.person.map(words.person) ?? words("cases.noPerson")
            return Item(
                itemHref: "/kasus/\(file.id)", itemTitle: "\(words.type(entry.type)): \(name)",
                itemDetail: [
                    RecordRow.summary(record, words), words.past(record.line.time.description),
                ].compactMap(\.self).joined(separator: " · "), itemTag: nil, itemTagKind: "plain")
        }
    }
}
