import Catalogue
import Event
import Foundation
import HTTPTypes
import Hummingbird
import Node
import Store

/// Registering someone at the door, in two steps: consent, then who it is and the visit itself. All three records are
/// saved together, or none.
///
/// Without consent nothing that identifies the person is asked: only that information was given.
struct NewPersonPages: Sendable {
    private struct ConsentPage {
        let fields: [FieldView]
        let problems: [FieldProblem]
        let hasProblems: Bool
        let refusalHref: String
    }

    private struct PersonPage {
        let nonce: String
        let carried: [Carried]
        let personFields: [FieldView]
        let personMore: [FieldView]
        let visitFields: [FieldView]
        let visitMore: [FieldView]
        let problems: [FieldProblem]
        let hasProblems: Bool

        struct Carried {
            let carriedName: String
            let carriedValue: String
        }
    }

    private struct Forms {
        var consent: RecordForm
        var person: RecordForm
        var visit: RecordForm
    }

    /// Version of the consent text that organizers read out.
    private static let consentText = "1.3.0"

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/orang/baru") { try askConsent($0, [:], []) }
        routes.post("/orang/baru") { try takeConsent($0) }
        routes.post("/orang/baru/simpan") { try save($0) }
    }

    private func forms(_ request: PageRequest) throws -> Forms {
        try site.desk.refresh()
        let types = site.node.catalogue.types
        guard let consent = types["privacy.consent_granted"], let person = types["person.registered"],
            let visit = types["visit.recorded"]
        else { throw PageError.notFound }
        let account = try request.account()
        guard [consent, person, visit].allSatisfy({ site.isAllowed($0, for: account) }) else {
            throw PageError.notAllowed
        }
        let (language, persons) = (request.language, try KnownPersons(site, account))
        return Forms(
            consent: RecordForm(
                type: consent, site: site, persons: persons, language: language, prefix: "consent.",
                omitted: ["person_id", "text_version", "expires_on", "proof_hash"]),
            person: RecordForm(
                type: person, site: site, persons: persons, language: language, prefix: "person.",
                omitted: ["household_id", "domicile_code", "lawful_basis", "source", "family_of"]),
            visit: RecordForm(
                type: visit, site: site, persons: persons, language: language, prefix: "visit.",
                omitted: ["person_ids", "met", "latitude", "longitude", "photo_hash", "enclave"]))
    }

    // MARK: - Consent

    private func askConsent(
        _ request: PageRequest, _ entries: RecordForm.Entries, _ problems: [Problem]
    ) throws -> PageResponse {
        let form = try forms(request).consent
        let summary = form.summary(problems)
        let page = ConsentPage(
            fields: form.view(entries.isEmpty ? FieldDefaults.entries(for: form) : entries, problems: problems).fields,
            problems: summary,
            hasProblems: !summary.isEmpty,
            refusalHref: "/catat/information.provided?isi.audience=person&isi.stage=before")
        var response = try site.page("consent", for: request, title: "newPerson.title", page)
        if page.hasProblems { response.status = .unprocessableContent }
        return response
    }

    private func takeConsent(_ request: PageRequest) throws -> PageResponse {
        let forms = try forms(request)
        let entries = forms.consent.entries(from: request.form)
        let person = Self.newID()
        let data = consentData(forms.consent, entries, person: person)
        let problems = problems(forms.consent, data) + (try missingConsent(data, person: person))
        guard problems.allowSaving else { return try askConsent(request, entries, problems) }
        let visit = FieldDefaults.entries(for: forms.visit).merging(["purpose": ["first_contact"]]) { $1 }
        return try askPerson(
            request, forms, person: FieldDefaults.entries(for: forms.person), visit: visit, problems: ([], []))
    }

    // MARK: - Person and visit

    private func askPerson(
        _ request: PageRequest, _ forms: Forms, person: RecordForm.Entries, visit: RecordForm.Entries,
        problems: (person: [Problem], visit: [Problem])
    ) throws -> PageResponse {
        let carried = request.form.pairs.filter { $0.name.hasPrefix("consent.") }.map {
            PersonPage.Carried(carriedName: $0.name, carriedValue: $0.value)
        }
        let (personFields, personMore) = forms.person.view(person, problems: problems.person)
        let (visitFields, visitMore) = forms.visit.view(visit, problems: problems.visit)
        let summary = forms.person.summary(problems.person) + forms.visit.summary(problems.visit)
        let page = PersonPage(
            nonce: request.form["nonce"] ?? RandomToken.make(), carried: carried, personFields: personFields,
            personMore: personMore, visitFields: visitFields, visitMore: visitMore, problems: summary,
            hasProblems: !summary.isEmpty)
        var response = try site.page("newperson", for: request, title: "newPerson.title", page)
        if page.hasProblems { response.status = .unprocessableContent }
        return response
    }

    private func save(_ request: PageRequest) throws -> PageResponse {
        let forms = try forms(request)
        guard let session = request.session, let nonce = request.form["nonce"] else { throw PageError.badForm }
        let (person, household) = (Self.newID(), Self.newID())
        let consentEntries = forms.consent.entries(from: request.form)
        let personEntries = forms.person.entries(from: request.form)
        let visitEntries = forms.visit.entries(from: request.form)
        let consent = consentData(forms.consent, consentEntries, person: person)
        let visit = visitData(forms.visit, visitEntries, person: person, household: household)
        let registration = personData(
            forms.person, personEntries, household: household, source: visit["channel"]?.stringValue)
        let consentProblems = problems(forms.consent, consent) + (try missingConsent(consent, person: person))
        guard consentProblems.allowSaving else { return try askConsent(request, consentEntries, consentProblems) }
        let found = (person: problems(forms.person, registration), visit: problems(forms.visit, visit))
        guard found.person.allowSaving, found.visit.allowSaving else {
            return try askPerson(request, forms, person: personEntries, visit: visitEntries, problems: found)
        }
        let account = session.account
        // Consent comes first: what follows rests on it.
        let drafts = [
            ("privacy.consent_granted", person, consent), ("person.registered", person, registration),
            ("visit.recorded", household, visit),
        ].map { Draft(type: $0.0, subject: $0.1, data: $0.2, actor: account.actor, role: account.role) }
        let keys = try site.record(drafts, form: nonce, session: session)
        // A second submission made other identifiers; the records of the first say which person it is.
        guard keys.count > 1, let saved = try site.desk.reader.record(keys[1]) else { throw PageError.notFound }
        return .redirect("/orang/\(saved.line.subject)?baru=1")
    }

    private func problems(_ form: RecordForm, _ data: JSON) -> [Problem] { form.problems(with: data) }

    /// Asked for at once: without consent to be protected, none of what follows can be recorded.
    private func missingConsent(_ consent: JSON, person: String) throws -> [Problem] {
        let drafts = [
            Draft(type: "privacy.consent_granted", subject: person, data: consent, actor: "", role: ""),
            Draft(
                type: "person.registered", subject: person, data: ["full_name": "-", "lawful_basis": "consent"],
                actor: "", role: ""),
        ]
        return try site.node.recorder.consentProblems(drafts)[1].map { problem in
            var problem = problem
            problem.path = "/purposes"
            return problem
        }
    }

    private func consentData(_ form: RecordForm, _ entries: RecordForm.Entries, person: String) -> JSON {
        form.data(from: entries).setting("person_id", to: .string(person))
            .setting("text_version", to: .string(Self.consentText))
    }

    private func visitData(
        _ form: RecordForm, _ entries: RecordForm.Entries, person: String, household: String
    ) -> JSON {
        form.data(from: entries).setting("household_id", to: .string(household))
            .setting("person_ids", to: .array([.string(person)])).setting("met", to: "met")
    }

    private func personData(
        _ form: RecordForm, _ entries: RecordForm.Entries, household: String, source: String?
    ) -> JSON {
        form.data(from: entries).setting("household_id", to: .string(household))
            .setting("domicile_code", to: .string(site.node.own.region.description))
            .setting("lawful_basis", to: "consent").setting("source", to: .string(source ?? "home"))
    }

    private static func newID() -> String { UUID().uuidString.lowercased() }
}
