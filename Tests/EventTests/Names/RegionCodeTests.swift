import Testing

@testable import Event

@Suite struct RegionCodeTests {
    @Test(arguments: [
        ("id", RegionCode.Level.nation),
        ("36", .province),
        ("36.04", .regency),
        ("36.04.13", .district),
        ("36.04.13.2007", .village),
        ("00", .province),
        ("99.99.99.9999", .village),
    ])
    func readsAndWritesEachLevel(text: String, level: RegionCode.Level) throws {
        let code = try RegionCode(text)
        #expect(code.level == level)
        #expect(code.description == text)
    }

    @Test(arguments: [
        "", "ID", "local", "3", "036", "36.", "36.4", "36-04", "36.04.1", "36.04.13.", "36.04.13.207",
        "36.04.13.20071",
        "36.04.13.2007.1", "36 04", "3a", "36.04.13.200x", "٣٦", "３６", " 36", "36\n", "36,04", ".6", "-1",
    ])
    func refusesOtherForms(text: String) {
        #expect(throws: NameError.self) { try RegionCode(text) }
    }

    @Test func knowsItsParents() throws {
        var chain: [String] = []
        var place: RegionCode? = try RegionCode("36.04.13.2007")
        while let current = place {
            chain.append(current.description)
            place = current.parent
        }
        #expect(chain == ["36.04.13.2007", "36.04.13", "36.04", "36", "id"])
    }

    @Test func containsByNameAlone() throws {
        let places = try [
            "id", "36", "36.04", "36.04.13", "36.04.13.2007", "36.05", "36.04.14", "35", "36.04.13.2008",
        ]
        .map(RegionCode.init)
        for outer in places {
            for inner in places {
                let byText =
                    outer == .nation || inner == outer
                    || inner.description.hasPrefix(outer.description + ".")
                #expect(inner.isAtOrBelow(outer) == byText, "\(inner) in \(outer)")
                #expect(outer.isAtOrAbove(inner) == byText, "\(outer) around \(inner)")
            }
        }
    }

    @Test func zerosInACodeAreNotLevels() throws {
        let province = try RegionCode("00")
        #expect(province != .nation)
        #expect(!RegionCode.nation.isAtOrBelow(province))
        #expect(try RegionCode("36.00") != RegionCode("36"))
        #expect(try !RegionCode("36").isAtOrBelow(RegionCode("36.00")))
    }

    @Test func placesComeBeforeWhatLiesInThem() throws {
        let ordered = try [
            "id", "00", "00.00", "35", "36", "36.04", "36.04.13", "36.04.13.2007", "36.04.14", "36.05", "37",
        ]
        .map(RegionCode.init)
        #expect(ordered.reversed().sorted() == ordered)
    }
}
