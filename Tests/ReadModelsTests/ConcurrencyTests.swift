import Event
import Foundation
import Synchronization
import Testing

@testable import ReadModels

/// Questions go on while the engine writes, rebuilds and switches; each sees one state.
@Suite struct ConcurrencyTests {
    @Test(.timeLimit(.minutes(3))) func answersAreOfOneStateWhileTheModelsMove() throws {
        let world = try World(seed: 41)
        try world.work(300)
        let intake = world.arrival(seed: 41)
        let folder = try TestFolder()
        let engine = try folder.engine(batchLines: 5)
        let today = try #require(LocalDay("2026-08-10"))
        let counting = ModelQuery("people_by_stage", scope: .nation, reader: .holder, today: today)
        let listing = ModelQuery(
            "person_state", filters: [Filter("registered", .equal, 1), Filter("merged_into", .equal, .null)],
            scope: .nation, reader: .holder, today: today)
        let reader = engine.reader
        // On a thread of its own: it blocks, and the pool of the tests is busy.
        let asked = Mutex((count: 0, isOver: false, error: nil as (any Error)?))
        let asking = Thread {
            do {
                while !asked.withLock({ $0.isOver }) {
                    try reader.read { context in
                        func rows(_ query: ModelQuery) throws -> [[ModelValue]] {
                            try QueryCompiler(
                                query, model: context.registry.model(query.model), registry: context.registry
                            ).rows(context.connection).rows
                        }
                        let counted = try rows(counting).reduce(Int64(0)) { $0 + ($1[3].integer ?? 0) }
                        #expect(counted == Int64(try rows(listing).count))
                    }
                    asked.withLock { $0.count += 1 }
                }
            } catch {
                asked.withLock { $0.error = error }
            }
        }
        asking.start()
        // Until questions have met models in the making, and have met them again after a switch.
        var wanted = 0
        repeat {
            _ = try engine.rebuild(from: intake)
            wanted += 1
        } while asked.withLock { $0.error == nil && $0.count < 5 } || wanted < 3
        asked.withLock { $0.isOver = true }
        if let error = asked.withLock({ $0.error }) { throw error }
    }

    @Test func aSecondWriterIsRefusedAndAReaderIsNot() throws {
        let folder = try TestFolder()
        let engine = try folder.engine()
        #expect(throws: ReadModelError.locked(path: folder.database)) { try folder.engine() }
        #expect(try ModelReader(path: folder.database).cut == 0)
        engine.close()
        _ = try folder.engine()
    }

    @Test func aFileThatIsNotOursIsRefusedWithAdvice() throws {
        let folder = try TestFolder()
        _ = try folder.write(String(repeating: "not a database ", count: 100), to: "models.db")
        let error = #expect(throws: ReadModelError.self) { try folder.engine() }
        #expect(error?.description.contains("deleted") == true)
    }

    @Test func anIntakeThatShrankIsNoticed() throws {
        let world = try World(seed: 42)
        try world.work(50)
        let intake = world.arrival(seed: 42)
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: intake)
        #expect(throws: ReadModelError.intakeShrank(cut: intake.intakeSize, intake: 3)) {
            try engine.advance(from: intake.prefix(3))
        }
        _ = try engine.rebuild(from: intake.prefix(3))
        #expect(try engine.reader.cut == 3)
    }
}
