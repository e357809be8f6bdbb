import Catalogue
import Event
import HTTPTypes
import Node

/// Correcting a record and taking one back. Nothing is removed: both are records of their own.
struct CorrectionPages: Sendable {
    private struct RetractPage {
        let action: String
        let recordHref: String
        let nonce: String
        let recordTitle: String
        let recordDate: String
        let reasonOptions: [FieldView.Option]
        let noteValue: String
        let message: String?
    }

    let site: Site

    func register(on routes: PageRoutes) {
        let path = "/catatan/{node}/{lane}/{epoch}/{sequence}"
        routes.get("\(path)/perbaiki") { try ask($0) }
        routes.post("\(path)/perbaiki") { try correct($0) }
        routes.get("\(path)/batalkan") { try askRetract($0, message: nil) }
        routes.post("\(path)/batalkan") { try retract($0) }
    }

    private func open(_ request: PageRequest) throws -> Record {
        try site.desk.refresh()
        guard let key = RecordKey(request), let record = try site.desk.reader.record(key),
            try site.mayRead(record, try request.account())
        else { throw PageError.notFound }
        guard site.mayChange(record), !record.isRetracted else { throw PageError.notAllowed }
        return record
    }

    private func form(_ record: Record, _ request: PageRequest) throws -> RecordForm {
        guard let type = record.type else { throw PageError.notFound }
        let persons = try KnownPersons(site, try request.account())
        var form = RecordForm(type: type, site: site, persons: persons, language: request.language)
        if case .unreadable = record.personal {
            form.omitted = Set(type.fields.filter { $0.sensitivity == .personal }.map(\.name))
        }
        return form
    }

    private func ask(_ request: PageRequest) throws -> PageResponse {
        let record = try open(request)
        let form = try form(record, request)
        return try page(record, form, form.entries(showing: record.data), problems: [], message: nil, request)
    }

    private func correct(_ request: PageRequest) throws -> PageResponse {
        let record = try open(request)
        let form = try form(record, request)
        guard let session = request.session, let nonce = request.form["nonce"] else { throw PageError.badForm }
        let entries = form.entries(from: request.form)
        let entered = site.node.catalogue.filling(
            form.data(from: entries, original: record.data), of: form.type,
            today: record.occurredAt.localDate ?? site.desk.today)
        let problems = form.problems(with: entered).filter {
            !form.omitted.contains($0.path.split(separator: "/").first.map(String.init) ?? "")
        }
        guard problems.allowSaving else {
            return try page(record, form, entries, problems: problems, message: nil, request)
        }
        guard let reason = reason(request) else {
            let text = site.texts("correct.reasonMissing", request.language)
            return try page(record, form, entries, problems: [], message: text, request)
        }
        guard
            let draft = site.desk.corrections.draft(
                correcting: record, entered: entered, reason: reason, actor: session.account.actor,
                role: session.account.role)
        else {
            let text = site.texts("correct.nothing", request.language)
            return try page(record, form, entries, problems: [], message: text, request)
        }
        let missing = try site.node.recorder.consentProblems([draft]).flatMap(\.self)
        guard missing.isEmpty else {
            return try page(record, form, entries, problems: missing, message: nil, request)
        }
        _ = try site.record([draft], form: nonce, session: session)
        return .redirect(record.key.path + "?baru=1")
    }

    private func reason(_ request: PageRequest) -> String? {
        guard let reason = request.form["reason"], site.node.catalogue.codeLists["CORR_REASON"]?[reason] != nil else {
            return nil
        }
        return reason
    }

    private func reasons(_ request: PageRequest) -> [FieldView.Option] {
        (site.node.catalogue.codeLists["CORR_REASON"]?.entries ?? []).map { entry in
            .init(
                value: entry.code, optionLabel: entry.label[request.language],
                isChosen: entry.code == request.form["reason"], optionID: "")
        }
    }

    private func page(
        _ record: Record, _ form: RecordForm, _ entries: RecordForm.Entries, problems: [Problem], message: String?,
        _ request: PageRequest
    ) throws -> PageResponse {
        let words = try Wording(site, request)
        let (fields, more) = form.view(entries, problems: problems)
        var summary = form.summary(problems)
        if let message { summary.append(FieldProblem(problemField: "f-reason", problemText: message)) }
        let page = RecordFormPages.FormPage(
            action: record.key.path + "/perbaiki", about: record.person.map(words.person), formAbout: nil,
            nonce: request.form["nonce"] ?? RandomToken.make(), fields: fields, more: more, hasMore: !more.isEmpty,
            problems: summary, hasProblems: !summary.isEmpty, reasonOptions: reasons(request), isCorrection: true,
            stages: [], hasStages: false)
        let title = words("correct.title", ["record": form.type.label[request.language]])
        var response = try site.page("form", for: request, title: "", plainTitle: title, page)
        if !summary.isEmpty { response.status = .unprocessableContent }
        return response
    }
}

extension CorrectionPages {
    private func askRetract(_ request: PageRequest, message: String?) throws -> PageResponse {
        let record = try open(request)
        let words = try Wording(site, request)
        let page = RetractPage(
            action: record.key.path + "/batalkan", recordHref: record.key.path,
            nonce: request.form["nonce"] ?? RandomToken.make(),
            recordTitle: record.type?.label[request.language] ?? record.line.type,
            recordDate: words.dates.text(record.occurredAt), reasonOptions: reasons(request),
            noteValue: request.form["note"] ?? "", message: message)
        return try site.page("retract", for: request, title: "retract.title", page)
    }

    private func retract(_ request: PageRequest) throws -> PageResponse {
        let record = try open(request)
        guard let session = request.session, let nonce = request.form["nonce"] else { throw PageError.badForm }
        guard let reason = reason(request) else {
            var page = try askRetract(request, message: site.texts("correct.reasonMissing", request.language))
            page.status = .unprocessableContent
            return page
        }
        let draft = site.desk.corrections.draft(
            retracting: record, reason: reason, note: request.form["note"], actor: session.account.actor,
            role: session.account.role)
        _ = try site.record([draft], form: nonce, session: session)
        return .redirect(record.key.path + "?baru=1")
    }
}
