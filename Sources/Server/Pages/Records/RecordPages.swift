import Catalogue
import Event
import Hummingbird
import Node
import Store

/// The page of one record: what was recorded, where it stands, what came after; and the list of what can be recorded.
struct RecordPages: Sendable {
    struct Fact {
        let factLabel: String
        let factValue: String
        let isLocked: Bool
        let factHref: String?
    }

    struct Change {
        let changeTitle: String
        let changeDate: String
        let changeReason: String
        let differences: [Difference]
        let isUndoneChange: Bool
    }

    struct Difference {
        let differenceLabel: String
        let before: String
        let after: String
    }

    struct NextStep {
        let nextHref: String
        let nextLabel: String
    }

    private struct RecordPage {
        let isNew: Bool
        let isRetracted: Bool
        let personalNote: String?
        let about: String?
        let aboutHref: String?
        let facts: [Fact]
        let path: PathView
        let assessment: AssessmentView?
        let occurred: String
        let recorded: String
        let author: String
        let reference: String
        let changes: [Change]
        let hasChanges: Bool
        let correctHref: String?
        let retractHref: String?
        let nextSteps: [NextStep]
        let hasNextSteps: Bool
        let warnings: [String]
    }

    private struct TypesPage {
        struct Item {
            let typeHref: String
            let typeLabel: String
            let typeAbout: String?
        }
        let featured: [Item]
        let others: [Item]
        let hasOthers: Bool
        let canRegister: Bool
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/catatan/{node}/{lane}/{epoch}/{sequence}") { try record($0) }
        routes.get("/catat") { try types($0) }
    }

    private func record(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let account = try request.account()
        guard let key = RecordKey(request), let record = try site.desk.reader.record(key),
            try site.mayRead(record, account)
        else { throw PageError.notFound }
        let words = try Wording(site, request)
        let person = record.person
        let card = person.flatMap { words.persons.card($0) }
        let isOpen = !record.isRetracted && site.mayChange(record)
        let mayOpenCase = site.node.catalogue.types["case.opened"].map { site.isAllowed($0, for: account) } ?? false
        let openCase =
            try site.mayReadCases(account)
            ? try person.flatMap {
                try site.desk.cases.about(person: $0).first { try !$0.isClosed && site.mayRead($0, account) }
            } : nil
        let nextSteps = person.map { NextSteps(site, account).links(person: $0, words, limit: 4) } ?? []
        let page = RecordPage(
            isNew: request.query["baru"] != nil, isRetracted: record.isRetracted,
            personalNote: personalNote(record, words), about: card.map(words.name) ?? caseLabel(record, words),
            aboutHref: card.map { "/orang/\($0.id)" } ?? caseHref(record), facts: facts(record, words),
            path: PathView(try site.node.paths().path(key.log, branch: key.branch, key.sequence), words),
            assessment: AssessmentView(record, words, mayOpenCase: mayOpenCase, openCase: openCase?.id),
            occurred: words.dates.text(record.occurredAt), recorded: words.dates.text(record.line.time.description),
            author: try Authors(site).name(of: record.line), reference: record.key.description,
            changes: changes(record, words), hasChanges: !record.changes.isEmpty,
            correctHref: isOpen && record.sealedFor == nil ? key.path + "/perbaiki" : nil,
            retractHref: isOpen ? key.path + "/batalkan" : nil,
            nextSteps: nextSteps, hasNextSteps: !nextSteps.isEmpty, warnings: warnings(record, words))
        return try site.page(
            "record", for: request, title: "", plainTitle: record.type?.label[request.language] ?? record.line.type,
            page)
    }

    private func caseLabel(_ record: Record, _ words: Wording) -> String? {
        caseHref(record) == nil ? nil : words("cases.one")
    }

    private func caseHref(_ record: Record) -> String? {
        record.type?.subject.kind == "case" ? "/kasus/\(record.line.subject)" : nil
    }

    private func personalNote(_ record: Record, _ words: Wording) -> String? {
        if let office = record.sealedFor { return words("record.sealed", ["office": office]) }
        return switch record.personal {
        case .none, .opened: nil
        case .unreadable(let reason): words.note(reason)
        }
    }

    private func facts(_ record: Record, _ words: Wording) -> [Fact] {
        (record.type?.fields ?? []).compactMap { field in
            guard field.filledBy == nil, field.control != .riskQuestions,
                !field.isForPrograms || field.kind == .reference,
                let value = words.value(record.data[field.name], of: field), !value.isEmpty
            else { return nil }
            var href: String?
            switch field.kind {
            case .identifier(entity: "person"):
                href = record.data[field.name]?.stringValue.flatMap { words.persons.card($0) }.map { "/orang/\($0.id)" }
            case .reference: href = record.data[field.name]?.stringValue.flatMap(RecordKey.init)?.path
            default: break
            }
            return Fact(
                factLabel: field.label[words.language],
                factValue: href != nil && field.kind == .reference ? words("record.seeOther") : value,
                isLocked: field.sensitivity == .personal, factHref: href)
        }
    }

    private func warnings(_ record: Record, _ words: Wording) -> [String] {
        if case .unreadable = record.personal { return [] }
        guard let type = record.type else { return [] }
        return type.validate(record.data, today: words.dates.today).filter { $0.severity == .warning }.map {
            "\($0.what[words.language]) \($0.fix[words.language])"
        }
    }

    private func changes(_ record: Record, _ words: Wording) -> [Change] {
        var before = record.original
        return record.changes.map { change in
            defer { before = change.data }
            let reason = words.code("CORR_REASON", change.line.data["reason"]?.stringValue) ?? ""
            return Change(
                changeTitle: words(change.isRetraction ? "record.wasRetracted" : "record.wasCorrected"),
                changeDate: words.dates.text(change.line.time.description), changeReason: reason,
                differences: change.isRetraction ? [] : differences(record, from: before, to: change.data, words),
                isUndoneChange: change.isUndone)
        }
    }

    private func differences(_ record: Record, from old: JSON, to new: JSON, _ words: Wording) -> [Difference] {
        (record.type?.fields ?? []).compactMap { field in
            guard old[field.name] != new[field.name] else { return nil }
            let none = words("record.empty")
            return Difference(
                differenceLabel: field.label[words.language], before: words.value(old[field.name], of: field) ?? none,
                after: words.value(new[field.name], of: field) ?? none)
        }
    }
}

extension RecordPages {
    private func types(_ request: PageRequest) throws -> PageResponse {
        let account = try request.account()
        let steps = NextSteps(site, account)
        let words = try Wording(site, request)
        let item: (EventType) -> TypesPage.Item = { type in
            TypesPage.Item(
                typeHref: type.isAboutPerson ? "/orang?untuk=\(type.name)" : "/catat/\(type.name)",
                typeLabel: words.action(type), typeAbout: type.about?[request.language])
        }
        let (featured, others) = steps.startable
        let page = TypesPage(
            featured: featured.map(item), others: others.map(item), hasOthers: !others.isEmpty,
            canRegister: site.node.own.role == .village)
        return try site.page("types", for: request, title: "types.title", page)
    }
}

extension Record {
    /// The office that alone can read what is sealed in it, `OFFICE/n`.
    var sealedFor: String? { line.data["sealed"]?["to"]?.stringValue }

    /// The person it is about: its subject, or the person that its data names.
    var person: String? {
        if let type, type.subject.kind == "person", !type.name.hasPrefix("record.") { return line.subject }
        if let person = data["person_id"]?.stringValue { return person }
        return data["person_ids"]?[0]?.stringValue
    }
}

extension Site {
    /// A node corrects what was written for its own region or below it.
    func mayChange(_ record: Record) -> Bool {
        guard let region = record.key.log.audience.region else { return false }
        return region.isAtOrBelow(node.own.region) && record.key.log.lane != .audit
            && !record.line.type.hasPrefix("record.")
            && !record.line.type.hasPrefix("node.")
    }
}
