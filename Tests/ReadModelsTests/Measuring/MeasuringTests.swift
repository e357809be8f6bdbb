import Foundation
import Testing

/// Measured in a release build: `SIMPUL_MEASURE=1 swift test -c release --filter MeasuringTests`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SIMPUL_MEASURE"] != nil), .serialized)
struct MeasuringTests {
    /// 2,000 villages of 50 lines each, with a million lines already there.
    @Test func theModelsAreKeptUpWithAMillionLinesBehindThem() throws {
        let result = try Measurement.run(path: TestFolder().database, villages: 2_000, before: 10, rebuild: false)
        print("kept up: \(Int(result.rate)) lines/s after \(result.linesBefore) lines")
        #expect(result.rate >= 20_000)
    }

    @Test func aRebuildOfAMillionLinesIsNearlyAsFastAsOneOfAHundredThousand() throws {
        func rate(_ rounds: Int) throws -> Double {
            let rates = try (0..<5).map { _ in
                try Measurement.run(
                    path: TestFolder().database, villages: rounds * 100, before: 19, rebuild: true
                ).rebuildRate
            }
            return rates.sorted()[2]
        }
        let (small, large) = (try rate(1), try rate(10))
        print("rebuilt: \(Int(large)) lines/s at 1,000,000, \(Int(small)) at 100,000: \(large / small)")
        #expect(large >= 0.8 * small)
    }
}
