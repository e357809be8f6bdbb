import Catalogue
import Event
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Node
import Store

/// The form of any event type: drawn from the catalogue, checked, recorded once.
struct RecordFormPages: Sendable {
    struct FormPage {
        let action: String
        let about: String?
        let formAbout: String?
        let nonce: String
        let fields: [FieldView]
        let more: [FieldView]
        let hasMore: Bool
        let problems: [FieldProblem]
        let hasProblems: Bool
        let reasonOptions: [FieldView.Option]
        let isCorrection: Bool
        let stages: [Stage]
        let hasStages: Bool

        struct Stage {
            let stageHref: String
            let stageLabel: String
            let isCurrentStage: Bool
        }
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/catat/{type}") { try ask($0) }
        routes.post("/catat/{type}") { try save($0) }
    }

    private func ask(_ request: PageRequest) throws -> PageResponse {
        let (form, context) = try form(request)
        let starting = context.startingValues(for: form.type)
        var entries = form.entries(showing: starting)
        entries.merge(FieldDefaults.entries(for: form), uniquingKeysWith: { first, _ in first })
        // Known of the person: not asked again.
        if entries["stage"] == nil, form.type.field("stage") != nil,
            let stage = context.person.flatMap({ form.persons.card($0)?.stage })
        {
            entries["stage"] = [stage]
        }
        return try page(form, context, entries, problems: [], request)
    }

    private func save(_ request: PageRequest) throws -> PageResponse {
        let (form, context) = try form(request)
        guard let session = request.session, let nonce = request.form["nonce"] else { throw PageError.badForm }
        let entries = form.entries(from: request.form)
        let draft = try draft(form.type, form.data(from: entries), context, session.account)
        let problems = form.problems(with: draft.data) + (try site.node.recorder.consentProblems([draft]))[0]
        guard problems.allowSaving else { return try page(form, context, entries, problems: problems, request) }
        do {
            guard let key = try site.record([draft], form: nonce, session: session).first else {
                throw PageError.notFound
            }
            return .redirect(key.path + "?baru=1")
        } catch let error as StoreError {
            // What was typed must not be lost with the page.
            site.node.logger.error("not saved", metadata: ["reason": "\(error)"])
            let failed = Problem(path: "", what: Self.notSaved, fix: LocalizedText(id: "", en: ""))
            return try page(form, context, entries, problems: [failed], request)
        }
    }

    private static let notSaved = LocalizedText(
        id: "Belum tersimpan: disk tidak bisa ditulis. Kosongkan ruang di disk, lalu tekan Simpan lagi.",
        en: "Not saved: the disk cannot be written. Free some space, then press Save again.")

    private func form(_ request: PageRequest) throws -> (RecordForm, RecordContext) {
        try site.desk.refresh()
        guard let type = site.node.catalogue.types[try request.parameter("type")] else { throw PageError.notFound }
        guard site.isAllowed(type, for: try request.account()), type.audience.level != .target else {
            throw PageError.notAllowed
        }
        let context = try RecordContext(request, site)
        if type.subject.kind == "case", !type.subject.isNew, context.caseFile == nil { throw PageError.notFound }
        if let caseFile = context.caseFile {
            guard try site.mayRead(caseFile, try request.account()) else { throw PageError.notFound }
        }
        let persons = try KnownPersons(site, try request.account())
        var form = RecordForm(type: type, site: site, persons: persons, language: request.language)
        form.fixed = context.fixedValues(for: type)
        // The questions depend on the stage, so it stands before they are asked.
        if form.isScreening { form.fixed["stage"] = .string(stage(request, context, persons)) }
        if site.node.own.role == .village { fixOwnRegion(&form) }
        return (form, context)
    }

    private func fixOwnRegion(_ form: inout RecordForm) {
        for field in form.type.fields {
            guard case .region(level: .village) = field.kind, form.type.audience.field == field.name else { continue }
            form.fixed[field.name] = .string(site.node.own.region.description)
        }
    }

    private func stage(_ request: PageRequest, _ context: RecordContext, _ persons: KnownPersons) -> String {
        let stages = Set(site.node.catalogue.riskRules.rules.map(\.phase)).subtracting(["any"])
        let wanted = request.query["tahap"] ?? context.person.flatMap { persons.card($0)?.stage }
        guard let wanted, stages.contains(wanted) else { return "before" }
        return wanted
    }

    private func draft(
        _ type: EventType, _ data: JSON, _ context: RecordContext, _ account: Account
    ) throws -> Draft {
        var (data, subject) = (data, context.subject(for: type))
        if type.subject.isNew {
            let new = try newSubject(type, context)
            subject = new
            if let field = type.subject.field { data = data.setting(field, to: .string(new)) }
        }
        return Draft(
            type: type.name, subject: subject, data: data, actor: account.actor, role: account.role,
            audience: type.audience.field == nil ? context.audience(site) : nil,
            causationID: context.source.map { $0.key.description })
    }

    /// A household is the person's own where it is known; everything else is new.
    private func newSubject(_ type: EventType, _ context: RecordContext) throws -> String {
        if type.subject.kind == "household", let person = context.person,
            let household = try site.desk.household(of: person)
        {
            return household
        }
        return UUID().uuidString.lowercased()
    }

    private func page(
        _ form: RecordForm, _ context: RecordContext, _ entries: RecordForm.Entries, problems: [Problem],
        _ request: PageRequest
    ) throws -> PageResponse {
        let words = try Wording(site, request)
        let (fields, more) = form.view(entries, problems: problems)
        let summary = form.summary(problems)
        let stages = form.isScreening ? stages(form, context, words) : []
        let tahap = request.query["tahap"].map { "&tahap=\($0 == "during" ? "during" : "before")" } ?? ""
        let page = FormPage(
            action: "/catat/\(form.type.name)?\(context.query)\(tahap)",
            about: context.person.map(words.person), formAbout: form.type.about?[request.language],
            nonce: request.form["nonce"] ?? RandomToken.make(), fields: fields, more: more, hasMore: !more.isEmpty,
            problems: summary, hasProblems: !summary.isEmpty, reasonOptions: [], isCorrection: false, stages: stages,
            hasStages: !stages.isEmpty)
        var response = try site.page(
            "form", for: request, title: "", plainTitle: words.action(form.type), page)
        if !summary.isEmpty { response.status = .unprocessableContent }
        return response
    }

    private func stages(_ form: RecordForm, _ context: RecordContext, _ words: Wording) -> [FormPage.Stage] {
        ["before", "during"].map { stage in
            FormPage.Stage(
                stageHref: "/catat/\(form.type.name)?\(context.query)&tahap=\(stage)",
                stageLabel: words.code("STAGE", stage) ?? stage,
                isCurrentStage: form.fixed["stage"]?.stringValue == stage)
        }
    }
}

extension RecordForm {
    var isScreening: Bool { type.fields.contains { $0.control == .riskQuestions } }
}
