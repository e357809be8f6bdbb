import Catalogue
import Event
import Testing

@Suite("The catalogue that the program brings")
struct BundledCatalogueTests {
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.bundled()
    }

    @Test("holds the event types, code lists and risk rules")
    func holdsEverything() {
        #expect(catalogue.types.count >= 70)
        #expect(catalogue.codeLists.count >= 100)
        #expect(catalogue.riskRules.rules.map(\.id) == (1...22).map { $0 < 10 ? "R0\($0)" : "R\($0)" })
    }
}
