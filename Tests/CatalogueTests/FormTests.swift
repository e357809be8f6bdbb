import Catalogue
import Event
import Testing

@Suite("Forms")
struct FormTests {
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.bundled()
    }

    @Test("ask in the schema's order, without what the program fills in")
    func order() throws {
        let screening = try #require(catalogue.types["risk.screened"])
        let names = screening.form.map(\.name)
        #expect(names.first == "person_id")
        #expect(!names.contains("score_local"))
        #expect(screening.form.first { $0.name == "answers" }?.control == .riskQuestions)
        let visit = try #require(catalogue.types["visit.recorded"])
        let household = try #require(visit.form.first)
        #expect(household.name == "household_id" && household.isSubject && !household.required)
        #expect(visit.naming(subject: "h", in: [:])["household_id"] == "h")
    }

    @Test("offer localized choices and say when an input is shown and required")
    func choices() throws {
        let form = try #require(catalogue.types["information.provided"]).form
        let audience = try #require(form.first { $0.name == "audience" })
        #expect(audience.options.first?.label[.indonesian] == "Satu orang")
        #expect(audience.options.first?.label[.english] == "One person")
        let size = try #require(form.first { $0.name == "group_size" })
        #expect(size.visibleWhen?.holds(in: ["audience": "group"]) == true)
        #expect(size.requiredWhen.contains { $0.holds(in: ["audience": "group"]) })
        #expect(size.visibleWhen?.holds(in: ["audience": "person"]) == false)
    }

    @Test("a case needs few answers")
    func casesAreShort() throws {
        let form = try #require(catalogue.types["case.opened"]).form
        #expect(form.filter(\.required).count <= 7)
    }

    @Test("understand what people type")
    func reading() throws {
        let type = try #require(catalogue.types["debt.declared"])
        let data = FormReader().data(
            for: type,
            from: [
                "person_id": ["5B0F7D6E-8A51-4C39-9F0E-2C1D3A4B5C60"], "declared_on": ["16-7-2026"],
                "creditor_kind": ["Calo/sponsor"], "principal_band": ["b3"], "principal": ["Rp15.000.000"],
                "monthly_rate_pct": ["2,5"], "purpose": ["Biaya penempatan, health"],
                "collateral": ["passport"],
                "repay_by_salary_cut_months": ["9"], "evidence": ["self"], "nobody": ["asked"],
            ])
        #expect(type.validate(data).isEmpty)
        #expect(data["principal"] == 15_000_000)
        #expect(data["declared_on"] == "2026-07-16")
        #expect(data["creditor_kind"] == "broker")
        #expect(data["purpose"] == ["placement_cost", "health"])
        #expect(data["monthly_rate_pct"] == .decimal("2.5"))
        #expect(data["nobody"] == nil)
    }

    @Test("give times the offset of the place")
    func times() throws {
        let type = try #require(catalogue.types["visit.recorded"])
        let field = try #require(type.field("started_at"))
        #expect(FormReader().value(of: field, from: ["2026-07-14T16:10"]) == "2026-07-14T16:10:00+07:00")
        #expect(
            FormReader(offsetMinutes: 540).value(of: field, from: ["14/07/2026 16:10"])
                == "2026-07-14T16:10:00+09:00")
        #expect(FormReader().value(of: field, from: ["2026-07-14T16:10:00Z"]) == "2026-07-14T16:10:00Z")
        #expect(FormReader().value(of: field, from: ["  "]) == nil)
    }

    @Test("take risk questions one by one")
    func riskQuestions() throws {
        let type = try #require(catalogue.types["risk.screened"])
        let data = FormReader().data(
            for: type,
            from: [
                "answers.R02": ["no"], "answers.R01": ["yes"], "answers.R01.evidence": ["self"], "answers.R03": [""],
            ])
        #expect(
            data["answers"] == [
                ["indicator": "R01", "answer": "yes", "evidence": "self"], ["indicator": "R02", "answer": "no"],
            ])
    }

    @Test("leave what they cannot read to the check")
    func unreadable() throws {
        let type = try #require(catalogue.types["visit.recorded"])
        let data = FormReader().data(for: type, from: ["duration_min": ["sejam"], "enclave": ["mungkin"]])
        let paths = type.validate(data).map(\.path)
        #expect(paths.contains("/duration_min") && paths.contains("/enclave"))
    }
}
