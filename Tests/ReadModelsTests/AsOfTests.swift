import Testing

@testable import ReadModels

/// What was known at a cut is what an engine that stopped there knows, for ever.
@Suite struct AsOfTests {
    @Test(arguments: [21, 22, 23] as [UInt64])
    func anEarlierCutIsAsItWasThen(seed: UInt64) throws {
        let world = try World(seed: seed)
        try world.work(300)
        let intake = world.arrival(seed: seed)
        let folder = try TestFolder()
        let engine = try folder.engine(batchLines: 50)
        _ = try engine.advance(from: intake)
        for cut in [intake.intakeSize / 3, intake.intakeSize * 2 / 3, intake.intakeSize - 1] {
            let then = try folder.engine(name: "then-\(cut).db")
            _ = try then.advance(from: intake.prefix(cut))
            for (name, digest) in try then.reader.digests() {
                let asked = try engine.reader.digest(of: name, asOf: AsOf(cut: cut))
                #expect(asked == digest, "\(name) as of cut \(cut) of \(intake.intakeSize), seed \(seed)")
            }
        }
    }
}
