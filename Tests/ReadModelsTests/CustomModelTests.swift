import Catalogue
import Event
import Foundation
import Testing

@testable import ReadModels

/// Types and models that the program has never seen come from files alone, also into a file that has data already.
@Suite struct CustomModelTests {
    private static let type = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "simpul:bridge.inspected/1",
          "title": "Jembatan diperiksa",
          "x-label": {"id": "Jembatan diperiksa", "en": "Bridge inspected"},
          "x-subject": {"kind": "bridge"},
          "x-audience": {"level": "village"},
          "x-lane": {"usual": "main"},
          "x-nodes": ["village"],
          "x-roles": [],
          "x-offline": true,
          "type": "object",
          "properties": {
            "planks": {"type": "integer", "minimum": 0, "x-label": {"id": "Papan", "en": "Planks"}, "x-sensitivity": "internal"},
            "inspector": {"type": "string", "maxLength": 60, "x-label": {"id": "Pemeriksa", "en": "Inspector"}, "x-sensitivity": "personal"}
          },
          "required": ["planks"],
          "examples": [{"planks": 4, "inspector": "Budi"}]
        }
        """

    private static func model(version: Int = 1, planks: String = "b.planks") -> String {
        """
        -- model: bridges
        -- version: \(version)
        -- kind: fold
        -- title: Jembatan | Bridges
        -- key: bridge
        -- reads: event bridge.inspected by subject
        -- scope: village
        -- column: bridge id:bridge | Jembatan | Bridge
        -- column: village region | Desa | Village
        -- column: planks integer | Papan | Planks
        SELECT t.bridge AS bridge, b.village AS village, \(planks) AS planks
        FROM touched t
        JOIN ev_bridge_inspected b ON b.ev = (
            SELECT e.ev FROM ev_bridge_inspected e WHERE e.subject = t.bridge
            ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC LIMIT 1)
        """
    }

    private static let rollUp = """
        -- model: planks_by_village
        -- version: 1
        -- kind: rollup
        -- title: Papan | Planks
        -- key: village
        -- reads: model bridges by village
        -- scope: village
        -- column: village region | Desa | Village
        -- column: n integer | Jembatan | Bridges
        -- column: planks integer | Papan | Planks
        SELECT b.village AS village, SUM(sign) AS n, SUM(sign * b.planks) AS planks FROM delta_bridges b GROUP BY b.village
        """

    private let folder: TestFolder
    private let intake: ArrayIntake
    private let log: LogWriter

    init() throws {
        folder = try TestFolder()
        log = try LogWriter("desa-0/36.04.13.2007:main/0000000000000000")
        try log.add("bridge.inspected", subject: "b-1", data: ["planks": 4])
        try log.add("bridge.inspected", subject: "b-2", data: ["planks": 6])
        intake = ArrayIntake([log.run()])
    }

    private func catalogue(_ models: [String: String], type: Bool = true) throws -> Catalogue {
        if type { _ = try folder.write(Self.type, to: "extra/events/bridge.inspected.json") }
        for (name, text) in models { _ = try folder.write(text, to: "extra/models/\(name)") }
        return try Catalogue.bundled(extra: [folder.url.appendingPathComponent("extra")])
    }

    private func ask(_ engine: ModelEngine, _ model: String) throws -> [[ModelValue]] {
        try engine.reader.query(
            ModelQuery(
                model, scope: RegionCode("36.04.13.2007"), reader: .holder, today: #require(LocalDay("2026-08-01")))
        ).rows
    }

    @Test func aTypeAndItsModelsWorkFromFilesAlone() throws {
        let engine = try folder.engine(
            catalogue: catalogue(["bridges.sql": Self.model(), "planks.sql": Self.rollUp]))
        #expect(engine.problems.isEmpty)
        _ = try engine.advance(from: intake)
        #expect(try ask(engine, "bridges") == [["b-1", "36.04.13.2007", 4], ["b-2", "36.04.13.2007", 6]])
        #expect(try ask(engine, "planks_by_village") == [["36.04.13.2007", 2, 10]])
        #expect(
            try engine.reader.explain(
                "planks_by_village", key: ["36.04.13.2007"], scope: .nation, reader: .holder, intake: intake
            ).count
                == 2)
    }

    @Test func linesThatWaitedForTheirTypeCountOnceItIsInstalled() throws {
        let before = try folder.engine()
        _ = try before.advance(from: intake)
        #expect(try before.reader.parked().map(\.reason) == [.unknownType, .unknownType])
        before.close()
        let after = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model(), "planks.sql": Self.rollUp]))
        _ = try after.advance(from: intake)
        #expect(try after.reader.parked().isEmpty)
        #expect(try ask(after, "planks_by_village") == [["36.04.13.2007", 2, 10]])
    }

    @Test func aModelInstalledLaterIsBuiltFromWhatIsThere() throws {
        let before = try folder.engine(catalogue: catalogue([:]))
        _ = try before.advance(from: intake)
        before.close()
        let after = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model(), "planks.sql": Self.rollUp]))
        #expect(try ask(after, "planks_by_village") == [["36.04.13.2007", 2, 10]])
    }

    @Test func aNewVersionTakesThePlaceOfTheOldOneWithAllThatReadsIt() throws {
        let before = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model(), "planks.sql": Self.rollUp]))
        _ = try before.advance(from: intake)
        before.close()
        let after = try folder.engine(
            catalogue: catalogue([
                "bridges.sql": Self.model(version: 2, planks: "b.planks * 2"), "planks.sql": Self.rollUp,
            ]))
        #expect(try ask(after, "planks_by_village") == [["36.04.13.2007", 2, 20]])
        #expect(try after.reader.models().first { $0.name == "bridges" }?.version == 2)
        try log.add("bridge.inspected", subject: "b-1", occurred: "2026-07-11", data: ["planks": 5])
        _ = try after.advance(from: ArrayIntake([(log.log, 0, Array(log.lines[..<2])), (log.log, 2, [log.lines[2]])]))
        #expect(try ask(after, "planks_by_village") == [["36.04.13.2007", 2, 22]])
    }

    @Test func aChangedTypeIsReadAgainFromTheFirstLine() throws {
        let before = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model()]))
        _ = try before.advance(from: intake)
        before.close()
        let wider = Self.type.replacing(
            "\"planks\":",
            with: """
                "length": {"type": "integer", "x-label": {"id": "P", "en": "L"}, "x-sensitivity": "internal"}, "planks":
                """)
        _ = try folder.write(wider, to: "extra/events/bridge.inspected.json")
        let after = try folder.engine(
            catalogue: Catalogue.bundled(extra: [folder.url.appendingPathComponent("extra")]))
        _ = try after.advance(from: intake)
        #expect(try ask(after, "bridges").count == 2)
    }

    @Test func aModelThatDoesNotFitIsLeftOutAndSaysWhy() throws {
        let engine = try folder.engine(
            catalogue: catalogue([
                "bridges.sql": Self.model(planks: "b.plancks"), "planks.sql": Self.rollUp,
                "clock.sql": Self.model(planks: "date('now')").replacing("model: bridges", with: "model: clock"),
            ]))
        let texts = engine.problems.map(\.description)
        #expect(texts.contains { $0.contains("bridges.sql:11") && $0.contains("plancks") }, "\(texts)")
        #expect(texts.contains { $0.contains("clock.sql:11") && $0.contains("no clock") }, "\(texts)")
        #expect(texts.contains { $0.contains("planks.sql") && $0.contains("bridges") }, "\(texts)")
        _ = try engine.advance(from: intake)
        #expect(try engine.reader.models().contains { $0.name == "case_board" })
    }

    @Test func aKeyThatAFoldCannotTakeIsParkedAndTheOthersAreKept() throws {
        // The most negative integer has no absolute value: SQLite stops the statement.
        let overflow = "abs(CASE WHEN b.planks = 6 THEN -9223372036854775807 - 1 ELSE b.planks END)"
        let engine = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model(planks: overflow)]))
        _ = try engine.advance(from: intake)
        #expect(try ask(engine, "bridges") == [["b-1", "36.04.13.2007", 4]])
        #expect(try engine.reader.models().first { $0.name == "bridges" }?.failure?.contains("1 keys") == true)
        try log.correct(
            LineReference(log: log.log, sequence: 1, leafHash: leafHash(log.lines[1])), patch: ["planks": 7])
        _ = try engine.advance(from: ArrayIntake([(log.log, 0, Array(log.lines[..<2])), (log.log, 2, [log.lines[2]])]))
        #expect(try ask(engine, "bridges") == [["b-1", "36.04.13.2007", 4], ["b-2", "36.04.13.2007", 7]])
        #expect(try engine.reader.models().first { $0.name == "bridges" }?.failure == nil)
    }

    @Test func aRollUpThatCannotBeKeptAnswersNoMoreAndStopsNothingElse() throws {
        let huge = Self.rollUp.replacing("b.planks)", with: "b.planks * 4611686018427387904)")
        let engine = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model(), "planks.sql": huge]))
        _ = try engine.advance(from: intake)
        #expect(try ask(engine, "bridges").count == 2)
        let error = #expect(throws: ReadModelError.self) { try ask(engine, "planks_by_village") }
        #expect(error?.description.contains("planks_by_village could not be kept up") == true)
        #expect(try engine.reader.models().first { $0.name == "planks_by_village" }?.failure != nil)
        engine.close()
        let mended = try folder.engine(catalogue: catalogue(["planks.sql": Self.rollUp]))
        #expect(try ask(mended, "planks_by_village") == [["36.04.13.2007", 2, 10]])
    }

    @Test func whatWaitedIsTriedAgainEvenIfTheProgramStoppedInBetween() throws {
        let before = try folder.engine()
        _ = try before.advance(from: intake)
        before.close()
        try folder.engine(catalogue: catalogue(["bridges.sql": Self.model()])).close()
        let after = try folder.engine(catalogue: catalogue(["bridges.sql": Self.model()]))
        _ = try after.advance(from: intake)
        #expect(try ask(after, "bridges").count == 2)
    }

    @Test func personalMembersNeverReachAColumn() throws {
        let engine = try folder.engine(
            catalogue: catalogue(["bridges.sql": Self.model(planks: "b.inspector")]))
        #expect(engine.problems.contains { $0.what.contains("inspector") })
    }
}
