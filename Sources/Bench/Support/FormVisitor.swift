import Foundation

/// An organizer at the village app: signs in, registers people at the door, records visits to them and screens them.
final class FormVisitor {
    static let name = "Junali"
    static let pin = "2846"

    private let browser: FormBrowser
    private let day: String

    init(port: Int) {
        browser = FormBrowser(port: port)
        // Yesterday: a visit cannot have been tomorrow, whatever the clock's zone.
        day = Date(timeIntervalSinceNow: -86_400).formatted(.iso8601.year().month().day())
    }

    /// Signs in and opens the board.
    /// - Returns: seconds from the PIN sent to the board shown.
    @discardableResult
    func welcome() throws -> Double {
        let page = try browser.get("/masuk")
        let entered = try browser.submit(page, to: "/masuk", [("name", Self.name), ("secret", Self.pin)])
        let board = try browser.follow(entered)
        guard board.status == 200, board.html.contains("Papan hari ini") else {
            throw ProgramFailure(message: "no board was shown: \(board.status) \(board.complaint)")
        }
        return entered.seconds + board.seconds
    }

    /// Each round: a person is registered with consent and visit, visited twice more, and screened.
    /// - Returns: seconds from each form submitted to the answer that it is saved.
    func work(rounds: Int) throws -> [Double] {
        var seconds: [Double] = []
        for number in 0..<rounds {
            let (person, saved) = try register("Rohmah \(number)")
            seconds.append(saved)
            for _ in 0..<2 { seconds.append(try visit(person)) }
            seconds.append(try screen(person))
        }
        return seconds
    }

    private func register(_ name: String) throws -> (person: String, seconds: Double) {
        let first = try browser.get("/orang/baru")
        let second = try browser.submit(
            first, to: "/orang/baru",
            [
                ("consent.purposes", "protection"), ("consent.form", "witnessed_oral"), ("consent.language", "jv"),
                ("consent.given_by", "self"), ("consent.witness", "Sekdes Lontar"),
            ])
        let saved = try save(
            second, to: "/orang/baru/simpan",
            [
                ("person.full_name", name), ("person.birth_year", "1998"), ("person.sex", "F"), ("person.role", "cpmi"),
                ("person.stage", "before"), ("person.hamlet", "RT 03/RW 01"), ("person.phone", "0812-0000-0001"),
                ("visit.purpose", "first_contact"), ("visit.channel", "home"), ("visit.started_at", "\(day)T09:30"),
                ("visit.note", "Suami ikut mendengarkan"),
            ])
        let person = saved.path.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? ""
        return (person, saved.seconds)
    }

    private func visit(_ person: String) throws -> Double {
        let action = "/catat/visit.recorded?orang=\(person)"
        return try save(
            try browser.get(action), to: action,
            [
                ("person_ids", person), ("purpose", "routine"), ("channel", "home"), ("met", "met"),
                ("started_at", "\(day)T10:30"), ("note", "Paspor belum kembali"),
            ]
        ).seconds
    }

    private func screen(_ person: String) throws -> Double {
        let action = "/catat/risk.screened?orang=\(person)"
        let answers = (1...22).map { String(format: "R%02d", $0) }.flatMap { code in
            ["R01", "R05"].contains(code)
                ? [("answers.\(code)", "yes"), ("answers.\(code).evidence", "self")] : [("answers.\(code)", "no")]
        }
        return try save(
            try browser.get(action), to: action,
            [
                ("screened_on", day), ("country", "SA"), ("sector", "domestic"), ("visa", "ziarah"),
                ("safe_to_contact", "true"), ("safe_channel", "phone"),
            ] + answers
        ).seconds
    }

    /// Submits a form and makes sure that it was saved; then looks at the page that says so, as a person would.
    private func save(
        _ form: FormBrowser.Page, to action: String, _ fields: [(String, String)]
    ) throws -> (path: String, seconds: Double) {
        let answer = try browser.submit(form, to: action, fields)
        guard let path = answer.location, path.hasSuffix("baru=1") else {
            throw ProgramFailure(message: "\(action) was not saved: \(answer.status) \(answer.complaint)")
        }
        _ = try browser.follow(answer)
        return (path, answer.seconds)
    }
}
