import Catalogue
import Event
import Foundation
import Testing

@testable import ReadModels

/// The write-ahead log is copied into the database when it has grown, and only then: on a laptop each copy is two
/// more waits for the disk.
@Suite struct CheckpointTests {
    @Test func `after a long log was copied back, a single line does not copy it again`() throws {
        let world = try World(seed: 51)
        try world.work(300)
        let intake = world.arrival(seed: 51)
        let folder = try TestFolder()
        let engine = try ModelEngine(
            path: folder.database, catalogue: .bundled(),
            options: EngineOptions(cacheMegabytes: 16, batchLines: 1_000, logBytes: 1))
        _ = try engine.advance(from: intake.prefix(intake.intakeSize - 1))
        let before = try Data(contentsOf: folder.url.appendingPathComponent("models.db"))
        #expect(before.count > 1 << 16, "the long log was not copied back")
        #expect(try engine.advance(from: intake).lines > 0)
        let after = try Data(contentsOf: folder.url.appendingPathComponent("models.db"))
        #expect(after == before)
    }
}
