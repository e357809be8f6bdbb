import Catalogue
import Event
import Hummingbird
import Node

/// Whether a placement company is licensed on a day, without a line: from the list that the centre published.
struct LicencePages: Sendable {
    private struct LicencePage {
        struct Company {
            let companyName: String
            let otherNames: String?
            let verdict: String
            /// `good`, `bad` or `unsure`.
            let verdictKind: String
            let number: String?
            let countries: String?
        }

        let typed: String
        let day: String
        let hasAsked: Bool
        let found: [Company]
        let isNotFound: Bool
        let notFoundText: String
        let age: String
        let isEmptyList: Bool
        let sightingHref: String?
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/izin") { try check($0) }
        routes.post("/izin") { try check($0) }
    }

    private func check(_ request: PageRequest) throws -> PageResponse {
        try site.desk.refresh()
        let words = try Wording(site, request)
        let typed = request.form["name"] ?? ""
        let day = request.form["day"].flatMap { OccurredAt($0)?.localDate } ?? words.dates.today
        let found = site.desk.licences.find(typed).prefix(20).map { company($0, day, words) }
        let sighting = site.node.catalogue.types["recruiter.sighted"]
        let mayReport = try sighting.map { site.isAllowed($0, for: try request.account()) } ?? false
        let page = LicencePage(
            typed: typed, day: day, hasAsked: !typed.isEmpty, found: found,
            isNotFound: !typed.isEmpty && found.isEmpty,
            notFoundText: words("licence.notFound", ["name": typed]), age: age(words),
            isEmptyList: site.desk.licences.companies().isEmpty,
            sightingHref: mayReport ? "/catat/recruiter.sighted" : nil)
        return try site.page("licence", for: request, title: "licence.title", page)
    }

    private func company(_ company: Company, _ day: String, _ words: Wording) -> LicencePage.Company {
        let (text, kind): (String, String) =
            switch company.standing(on: day) {
            case .licensed(let until?): (words("licence.until", ["day": words.dates.day(until)]), "good")
            case .licensed(nil): (words("licence.open"), "good")
            case .ranOut(let on): (words("licence.ranOut", ["day": words.dates.day(on)]), "bad")
            case .notYet(let from): (words("licence.notYet", ["day": words.dates.day(from)]), "bad")
            case .notValid(let status, let since):
                (
                    words(
                        "licence.notValid",
                        ["status": words.code("P3MI_STATUS", status) ?? status, "day": words.dates.day(since)]), "bad"
                )
            }
        let others = company.names.filter { $0 != company.name }
        let countries = company.countries.compactMap { words.code("COUNTRY", $0) }
        return LicencePage.Company(
            companyName: company.name, otherNames: others.isEmpty ? nil : others.joined(separator: ", "), verdict: text,
            verdictKind: kind, number: company.number,
            countries: countries.isEmpty ? nil : countries.joined(separator: ", "))
    }

    /// How old the list is: when the centre wrote its newest entry, and when this node last had contact.
    private func age(_ words: Wording) -> String {
        guard let newest = site.desk.licences.newest else { return words("licence.noList") }
        let written = DateTime(milliseconds: newest, offsetMinutes: site.desk.moment.offsetMinutes).localDate
        let contact = (try? site.desk.syncState().lastContact).flatMap { $0 }
        return words(
            "licence.age",
            [
                "n": String(site.desk.licences.companies().count), "day": words.dates.day(written),
                "contact": contact.map { words.past($0) } ?? words("licence.noContact"),
            ])
    }
}
