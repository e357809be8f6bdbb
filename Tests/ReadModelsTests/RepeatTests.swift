import Event
import Foundation
import Testing

@testable import ReadModels

/// A figure cited with its cut is the same byte for byte, also from read models built anew.
@Suite struct RepeatTests {
    @Test func anAnswerWithItsCutIsRepeatedAfterTheFileIsThrownAway() throws {
        let world = try World(seed: 31)
        try world.work(300)
        let intake = world.arrival(seed: 31)
        let today = try #require(LocalDay("2026-08-10"))
        let folder = try TestFolder()
        let first = try folder.engine(batchLines: 30)
        _ = try first.advance(from: intake.prefix(intake.intakeSize / 2))
        let models = try first.reader.models().map(\.name)
        var cited: [String: [[UInt8]]] = [:]
        let cut = try first.reader.cut
        for model in models {
            let answer = try first.reader.query(ModelQuery(model, scope: .nation, reader: .holder, today: today))
            cited[model] = AnswerFormat.allCases.map { answer.written(as: $0) }
        }
        first.close()
        for name in ["models.db", "models.db-wal", "models.db-shm"] {
            try? FileManager.default.removeItem(at: folder.url.appendingPathComponent(name))
        }

        let second = try folder.engine(batchLines: 1_000)
        _ = try second.advance(from: intake)
        // What waited at that cut and counts by now is not parked any more: the one thing that is not repeated.
        for model in models where model != "sync_health" {
            let answer = try second.reader.query(
                ModelQuery(model, asOf: AsOf(cut: cut), scope: .nation, reader: .holder, today: today))
            let again = AnswerFormat.allCases.map { answer.written(as: $0) }
            #expect(again == cited[model], "\(model)")
        }
    }
}
