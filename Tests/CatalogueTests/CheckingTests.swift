import Catalogue
import Event
import Testing

@Suite("Checking what was entered")
struct CheckingTests {
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.bundled()
    }

    private func problems(_ type: String, _ change: (JSON) -> JSON) throws -> [Problem] {
        let type = try #require(catalogue.types[type])
        return catalogue.validate(type: type.name, data: change(type.example))
    }

    @Test("names every problem of a form at once, with place and remedy in both languages")
    func everyProblemAtOnce() throws {
        let found = try problems("visit.recorded") {
            $0.setting("purpose", to: "teh").setting("started_at", to: "kemarin").setting("met", to: nil)
                .setting("duration_min", to: 481)
        }
        #expect(Set(found.map(\.path)) == ["/purpose", "/started_at", "/met", "/duration_min"])
        for problem in found {
            #expect(!problem.what.id.isEmpty && !problem.what.en.isEmpty)
            #expect(!problem.fix.id.isEmpty && !problem.fix.en.isEmpty)
            #expect(problem.severity == .error)
        }
    }

    @Test("an unknown member is allowed")
    func unknownMembers() throws {
        #expect(try problems("visit.recorded") { $0.setting("weather", to: "hujan") }.isEmpty)
    }

    @Test("an unknown member inside another is refused with the members that there are")
    func unknownInnerMembers() throws {
        let found = try problems("risk.screened") {
            let answer = $0["answers"]?.arrayValue?.first ?? [:]
            return $0.setting("answers", to: [answer.setting("catatan", to: "Rohmah")])
        }
        #expect(found.map(\.path) == ["/answers/0/catatan"])
        #expect(found.first?.fix.en.contains("indicator") == true)
    }

    @Test("an unknown type is one problem")
    func unknownType() {
        #expect(catalogue.validate(type: "tea.drunk", data: [:]).count == 1)
        #expect(catalogue.validate(type: "visit.recorded", data: "teh").count == 1)
    }

    @Test("a conditional requirement counts only under its condition")
    func conditionalRequirement() throws {
        #expect(
            try problems("person.stage_changed") { $0.setting("country", to: nil) }.map(\.path) == [
                "/country"
            ])
        let staying = try problems("person.stage_changed") {
            $0.setting("country", to: nil).setting("to_stage", to: "none")
        }
        #expect(staying.isEmpty)
    }

    @Test("dates may be truncated only where the type says so")
    func truncatedDates() throws {
        #expect(try problems("departure.recorded") { $0.setting("left_on", to: "2026-08") }.isEmpty)
        #expect(try problems("departure.recorded") { $0.setting("left_on", to: "2026-02-30") }.count == 1)
        #expect(try problems("case.opened") { $0.setting("opened_on", to: "2026-08") }.count == 1)
    }

    @Test("decimals are bounded and precise without binary fractions")
    func decimals() throws {
        let declared = { (rate: JSON) in
            try problems("debt.declared") { $0.setting("monthly_rate_pct", to: rate) }
        }
        #expect(try declared(.decimal("100.00")).isEmpty)
        #expect(try declared(.decimal("100.01")).count == 1)
        #expect(try declared(.decimal("0.001")).count == 1)
        #expect(try declared(.string("10")).count == 1)
    }

    @Test("one code chosen twice is a problem of its own")
    func repeatedCode() throws {
        let found = try problems("visit.recorded") { $0.setting("topics", to: ["visa", "visa"]) }
        #expect(found.map(\.path) == ["/topics/1"])
    }

    @Test("an end before its beginning is a problem")
    func order() throws {
        let found = try problems("warning.published") { $0.setting("valid_to", to: "2026-08-09") }
        #expect(found.map(\.path) == ["/valid_to"])
    }

    @Test("problems inside lists point at the element")
    func nestedProblems() throws {
        let found = try problems("risk.screened") {
            $0.setting("answers", to: [["indicator": "R99", "answer": "yes"], ["indicator": "R01"]])
        }
        #expect(found.map(\.path) == ["/answers/0/indicator", "/answers/1/answer"])
    }

    @Test("a date of the future is a warning and can be saved")
    func future() throws {
        let type = try #require(catalogue.types["visit.recorded"])
        let found = type.validate(type.example, today: "2026-07-13")
        #expect(found.map(\.severity) == [.warning])
        #expect(found.allowSaving)
        #expect(type.validate(type.example, today: "2026-07-14").isEmpty)
    }

    @Test("data that would not fit a line is refused")
    func tooLarge() throws {
        let found = try problems("visit.recorded") {
            $0.setting("extra", to: .string(String(repeating: "x", count: 70_000)))
        }
        #expect(found.map(\.path) == [""])
    }
}

@Suite("The national identity number")
struct NIKTests {
    let type: EventType

    init() throws {
        type = try #require(try Catalogue.bundled().types["person.registered"])
    }

    private func problems(_ nik: String, sex: JSON = "F", birth: JSON? = nil, year: JSON = 1998) -> [Problem] {
        type.validate(
            type.example.setting("nik", to: .string(nik)).setting("sex", to: sex).setting(
                "birth_date", to: birth
            )
            .setting("birth_year", to: year))
    }

    @Test("fits the person")
    func fits() {
        #expect(problems("3604134107989999").isEmpty)
    }

    @Test(
        "is an error only by length and digits",
        arguments: ["360413410798999", "36041341079899999", "36o4134107989999"])
    func form(_ nik: String) {
        #expect(problems(nik).map(\.severity) == [.error])
    }

    @Test(
        "is otherwise only doubted, never refused",
        arguments: ["9904134107989999", "3604137207989999", "3604134113989999", "3604134107980000"])
    func doubts(_ nik: String) {
        let found = problems(nik)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.allowSaving)
    }

    @Test("is compared with sex, birth date and birth year")
    func siblings() {
        #expect(problems("3604134107989999", sex: "M").count == 1)
        #expect(problems("3604134107989999", birth: "1998-07-02").count == 1)
        #expect(problems("3604134107989999", birth: "1998").isEmpty)
        #expect(problems("3604134107989999", year: 1997).count == 1)
    }
}
