import Catalogue
import Foundation
import Testing

@testable import ReadModels

@Suite struct InstallationTests {
    @Test func everyShippedModelIsInstalledWithoutAProblem() throws {
        let folder = try TestFolder()
        let engine = try folder.engine()
        #expect(engine.problems.map(\.description) == [])
        let names = try engine.reader.models().map(\.name)
        for name in [
            "kkbm_quarter", "village_risk_board", "departures_by_month", "case_board", "people_by_stage",
            "sync_health", "referral_loop", "p3mi_licences", "warnings", "visits_due", "person_events",
        ] {
            #expect(names.contains(name))
        }
    }
}
