/// Parts of journeys that several tests begin with.
enum Journeys {
    static let consent = [
        ("consent.purposes", "protection"), ("consent.purposes", "referral"), ("consent.form", "witnessed_oral"),
        ("consent.language", "jv"), ("consent.given_by", "self"), ("consent.witness", "Sekdes Lontar"),
    ]

    /// Consent, person and visit in two steps; gives the person's page.
    @discardableResult
    static func register(_ browser: PageBrowser, _ name: String) async throws -> PageBrowser.Page {
        let first = try await browser.get("/orang/baru")
        let second = try await browser.submit(first, to: "/orang/baru", consent)
        return try await browser.submit(
            second, to: "/orang/baru/simpan",
            [
                ("person.full_name", name), ("person.birth_year", "1998"), ("person.sex", "F"), ("person.role", "cpmi"),
                ("person.stage", "before"), ("person.hamlet", "RT 03/RW 01"), ("person.phone", "0812-0000-0001"),
                ("person.nik", "3604134107989999"), ("visit.purpose", "first_contact"), ("visit.channel", "home"),
                ("visit.started_at", "2026-08-14T09:30"), ("visit.next_visit_on", "2026-08-28"),
                ("visit.note", "Suami ikut mendengarkan"),
            ])
    }

    /// A screening with a ziarah visa, debt and departure in twelve days; gives the record's page.
    static func screen(_ browser: PageBrowser, _ person: PageBrowser.Page) async throws -> PageBrowser.Page {
        let id = person.path.split(separator: "/").last?.prefix { $0 != "?" } ?? ""
        let action = "/catat/risk.screened?orang=\(id)"
        let form = try await browser.get(action)
        let yes = ["R01", "R02", "R03", "R05", "R09", "R14", "R15", "R17"]
        let no = ["R04", "R06", "R07", "R08", "R10", "R11", "R12", "R13", "R16", "R18", "R21", "R22"]
        return try await browser.submit(
            form, to: action,
            [
                ("screened_on", "2026-08-14"), ("country", "SA"), ("sector", "domestic"), ("visa", "ziarah"),
                ("departure_on", "2026-08-26"), ("safe_to_contact", "true"), ("safe_channel", "phone"),
            ] + yes.flatMap { [("answers.\($0)", "yes"), ("answers.\($0).evidence", "self")] }
                + no.map { ("answers.\($0)", "no") })
    }

    /// The fields of the correction form of a registration's visit, as they stand or changed.
    static func visit(
        of form: PageBrowser.Page, startedAt: String = "2026-08-14T09:30", note: String = "Suami ikut mendengarkan"
    ) -> [(String, String)] {
        let persons = form.html.matches(of: /name="person_ids" value="([^"]*)" checked/).map {
            ("person_ids", String($0.1))
        }
        return persons + [
            ("purpose", "first_contact"), ("channel", "home"), ("met", "met"), ("started_at", startedAt),
            ("note", note),
            ("next_visit_on", "2026-08-28"),
        ]
    }
}
