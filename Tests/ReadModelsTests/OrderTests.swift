import Testing

@testable import ReadModels

/// Models are a function of the set of lines: of no order, no batching, no repetition.
@Suite struct OrderTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func anyArrivalGivesTheSameRows(seed: UInt64) throws {
        let world = try World(seed: seed)
        try world.work(400)
        var reference: [String: String]?
        for (index, batchLines) in [1_000_000, 40, 1, 17].enumerated() {
            let folder = try TestFolder()
            let engine = try folder.engine(batchLines: batchLines)
            _ = try engine.advance(from: world.arrival(seed: seed &* 31 &+ UInt64(index)))
            let digests = try engine.reader.digests()
            if let reference {
                #expect(digests == reference, "seed \(seed), arrival \(index): \(Self.different(digests, reference))")
            }
            reference = reference ?? digests
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func aRebuildGivesTheSameRows(seed: UInt64) throws {
        let world = try World(seed: seed)
        try world.work(400)
        let intake = world.arrival(seed: seed)
        let folder = try TestFolder()
        let engine = try folder.engine(batchLines: 23)
        _ = try engine.advance(from: intake)
        let before = try engine.reader.digests()
        let cut = try engine.reader.cut
        _ = try engine.rebuild(from: intake)
        #expect(try engine.reader.digests() == before)
        #expect(try engine.reader.cut == cut)
    }

    @Test func theWorldOfTheseTestsHasEverythingInIt() throws {
        let world = try World(seed: 1)
        try world.work(400)
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: world.arrival(seed: 1))
        for name in try engine.reader.digests().keys
        where !["figures", "warnings", "recruiters", "enterprises"].contains(name) {
            #expect(try engine.reader.digest(of: name) != Self.nothing, "\(name) has no rows")
        }
    }

    /// SHA-256 of nothing.
    private static let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private static func different(_ left: [String: String], _ right: [String: String]) -> [String] {
        left.keys.filter { left[$0] != right[$0] }.sorted()
    }
}
