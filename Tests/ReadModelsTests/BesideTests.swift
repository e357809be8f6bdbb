import Catalogue
import Event
import Foundation
import Testing

@testable import ReadModels

/// Another version of a model is built beside the one in use while lines come in, compared, switched to and back.
@Suite struct BesideTests {
    /// The shipped models, with one of them changed.
    private static func file(_ name: String, version: Int, _ change: (String) -> String) throws -> String {
        let url = try Catalogue.bundledFolder().appending(path: "models/\(name).sql")
        let text = try String(contentsOf: url, encoding: .utf8)
        let changed = change(text.replacing("-- version: 1", with: "-- version: \(version)"))
        try #require(changed != text.replacing("-- version: 1", with: "-- version: \(version)"))
        return changed
    }

    private static func modelFiles(with file: URL) throws -> [URL] {
        try Catalogue.bundled().modelFiles.map {
            $0.lastPathComponent == file.lastPathComponent ? file : $0
        }
    }

    /// Departures of which nothing is known count as procedural.
    private static func kinder() throws -> String {
        try file("departure_fact", version: 2) {
            $0.replacing(
                "ELSE l.legal_status END",
                with: "WHEN l.legal_status = 'unknown' THEN 'procedural' ELSE l.legal_status END")
        }
    }

    /// What an engine comes to that has known only these files, from the whole intake.
    private static func rebuilt(_ files: [URL], _ intake: ArrayIntake) throws -> [String: String] {
        let folder = try TestFolder()
        let engine = try ModelEngine(
            path: folder.database, catalogue: try Catalogue.bundled(), modelFiles: files,
            options: EngineOptions(cacheMegabytes: 16, batchLines: 1_000))
        _ = try engine.advance(from: intake)
        return try engine.reader.digests()
    }

    @Test(arguments: [41, 42, 43] as [UInt64])
    func `it has the rows of a rebuild, whatever comes in while it is built`(seed: UInt64) throws {
        let world = try World(seed: seed)
        try world.work(400)
        let intake = world.arrival(seed: seed)
        let folder = try TestFolder()
        let engine = try folder.engine(batchLines: 10)
        let before = try engine.reader.digests().keys
        _ = try engine.advance(from: intake.prefix(intake.intakeSize / 3))
        try engine.addBeside(file: "departure_fact.sql", text: try Self.kinder())
        var steps = 0
        var cut = intake.intakeSize / 3
        // A few keys, then some lines: corrected and retracted ones among them.
        while try engine.stepBeside(keys: 3) || cut < intake.intakeSize {
            steps += 1
            cut = min(cut + 2, intake.intakeSize)
            _ = try engine.advance(from: intake.prefix(cut))
        }
        #expect(steps > 3)
        #expect(try engine.besideModels().map(\.state) == [.ready])
        #expect(try Set(engine.reader.digests().keys) == Set(before), "the one in use is still in use")

        let file = try folder.write(try Self.kinder(), to: "new/departure_fact.sql")
        let files = try Self.modelFiles(with: file)
        let beside = try engine.reader.digest(of: "departure_fact__v2")
        #expect(try engine.use(modelFiles: files))
        #expect(try engine.reader.digests() == Self.rebuilt(files, intake), "with all that reads it")
        #expect(try engine.reader.digest(of: "departure_fact") == beside)

        // And back: what was in use had stayed beside, and was kept up.
        #expect(try engine.besideModels().map(\.version) == [1])
        #expect(try engine.use(modelFiles: try Catalogue.bundled().modelFiles))
        #expect(try engine.reader.digests() == Self.rebuilt(try Catalogue.bundled().modelFiles, intake))
        #expect(try engine.besideModels().map(\.version) == [2])
    }

    @Test func `a program that stops between two steps goes on with it`() throws {
        let world = try World(seed: 44)
        try world.work(200)
        let intake = world.arrival(seed: 44)
        let folder = try TestFolder()
        var engine = try folder.engine()
        _ = try engine.advance(from: intake)
        try engine.addBeside(file: "departure_fact.sql", text: try Self.kinder())
        #expect(try engine.stepBeside(keys: 2))
        engine.close()
        engine = try folder.engine()
        #expect(try engine.besideModels().map(\.state) == [.building])
        while try engine.stepBeside(keys: 5) {}
        let beside = try engine.reader.digest(of: "departure_fact__v2")
        let files = try Self.modelFiles(with: try folder.write(try Self.kinder(), to: "new/departure_fact.sql"))
        #expect(try Self.rebuilt(files, intake)["departure_fact"] == beside)
        // Rebuilding the file builds it again as well.
        _ = try engine.rebuild(from: intake)
        while try engine.stepBeside(keys: 50) {}
        #expect(try engine.reader.digest(of: "departure_fact__v2") == beside)
    }

    @Test func `a changed roll-up and a changed view are kept beside too`() throws {
        let world = try World(seed: 45)
        try world.work(300)
        let intake = world.arrival(seed: 45)
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: intake.prefix(intake.intakeSize / 2))
        let counts = try Self.file("departure_counts", version: 2) {
            $0.replacing("= 'procedural'", with: "= 'unknown'")
        }
        let view = try Self.file("departures_by_month", version: 2) { $0.replacing("* 10000", with: "* 100") }
        try engine.addBeside(file: "departure_counts.sql", text: counts)
        try engine.addBeside(file: "departures_by_month.sql", text: view)
        while try engine.stepBeside(keys: 1) {}
        _ = try engine.advance(from: intake)
        let files = try Self.modelFiles(with: try folder.write(counts, to: "new/departure_counts.sql"))
        #expect(
            try engine.reader.digest(of: "departure_counts__v2") == Self.rebuilt(files, intake)["departure_counts"])
        let today = try #require(LocalDay("2026-09-30"))
        let query = { (name: String) in
            try engine.reader.query(ModelQuery(name, scope: .nation, reader: .holder, today: today))
        }
        let (old, new) = (try query("departures_by_month"), try query("departures_by_month__v2"))
        #expect(old.rows.count == new.rows.count && !old.rows.isEmpty)
        #expect(new.modelVersion == 2)
        #expect(old.rows != new.rows)
    }

    @Test func `the comparison counts rows and columns that differ`() throws {
        let world = try World(seed: 46)
        try world.work(300)
        let intake = world.arrival(seed: 46)
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: intake)
        try engine.addBeside(file: "departure_fact.sql", text: try Self.kinder())
        #expect(throws: ReadModelError.self) { try engine.reader.compare("departure_fact", version: 2) }
        while try engine.stepBeside() {}
        let found = try engine.reader.compare("departure_fact", version: 2)
        let today = try #require(LocalDay("2026-09-30"))
        let unknown = try engine.reader.query(
            ModelQuery(
                "departure_fact", filters: [Filter("legal_status", .equal, ["unknown"])], scope: .nation,
                reader: .holder, today: today)
        ).rows.count
        #expect(unknown > 0)
        #expect(found.differing == Int64(unknown))
        #expect(found.onlyOld == 0 && found.onlyNew == 0 && found.oldRows == found.newRows)
        #expect(found.columns.filter { $0.differing > 0 } == [.init(name: "legal_status", differing: Int64(unknown))])
        #expect(found.examples.count == min(10, unknown))
        #expect(!found.isSame)
    }

    @Test func `a version that cannot be kept is refused, or fails alone`() throws {
        let folder = try TestFolder()
        let engine = try folder.engine()
        #expect(throws: ModelProblems.self) {
            try engine.addBeside(
                file: "departure_fact.sql",
                text: try Self.file("departure_fact", version: 2) {
                    $0.replacing("l.evidence AS evidence", with: "l.evidence + 0.5 AS evidence")
                })
        }
        // It reads well, but names a column that SQLite does not find.
        try engine.addBeside(
            file: "departure_fact.sql",
            text: try Self.file("departure_fact", version: 2) {
                $0.replacing("l.evidence AS evidence", with: "l.evidenc AS evidence")
            })
        let world = try World(seed: 47)
        try world.work(50)
        _ = try engine.advance(from: world.arrival(seed: 47))
        #expect(try engine.besideModels().map(\.state) == [.failed])
        #expect(try engine.reader.digests()["departure_fact"] != nil)
    }

    @Test func `a published figure is repeated by the versions it was made with`() throws {
        let log = try LogWriter("desa-0/36.04.13.2007:main/0000000000000000")
        let office = try LogWriter("pusat/id:main/00000000000000cc")
        try log.add(
            "departure.recorded", subject: "e-1", occurred: "2026-07-03",
            data: [
                "person_id": "p", "episode_id": "e-1", "left_on": "2026-07-03", "country": "SA", "visa": "work",
                "legal_status": "unknown", "evidence": "family",
            ])
        let first = log.run()
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: ArrayIntake([first]))
        let versions = try engine.reader.versions(of: "departures_by_month")
        #expect(versions == "departure_counts/1 departure_fact/1 departures_by_month/1")
        try office.add(
            "figure.published", subject: "f-1", occurred: "2026-08-10",
            data: [
                "title": "Belum diketahui", "model": "departures_by_month", "models": .string(versions),
                "key": ["regency": "36.04", "month": "2026-07"], "measure": "unknown", "value": 1, "cut": 1,
                "published_on": "2026-08-10", "state": "provisional",
            ])
        let intake = ArrayIntake([first, office.run()])
        _ = try engine.advance(from: intake)
        try engine.addBeside(file: "departure_fact.sql", text: try Self.kinder())
        while try engine.stepBeside() {}
        try engine.use(
            modelFiles: Self.modelFiles(with: try folder.write(try Self.kinder(), to: "new/departure_fact.sql")))

        let today = try #require(LocalDay("2026-09-30"))
        let found = try engine.reader.restatements(scope: .nation, reader: .holder, today: today, intake: intake)
        let restated = try #require(found.first)
        #expect(restated.old == 1 && restated.new == 0)
        #expect(restated.versions == [.init(model: "departure_fact", old: 1, new: 2)])
        #expect(restated.changes.isEmpty, "no line changed it")
        var query = ModelQuery(
            "departures_by_month", asOf: AsOf(cut: 1), scope: .nation, reader: .holder, today: today)
        #expect(try engine.reader.query(query)[0, "unknown"] == 0)
        query.versions = ModelReader.versions(parsing: versions)
        #expect(try engine.reader.query(query)[0, "unknown"] == 1)
        #expect(try engine.reader.isPublished("departure_fact", version: 1))
        query.versions["departure_fact"] = 7
        #expect(throws: ReadModelError.self) { try engine.reader.query(query) }
    }
}
