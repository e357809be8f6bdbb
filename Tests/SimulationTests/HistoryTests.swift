import Event
import Foundation
import TestKit
import Testing

/// Random histories of everything that may happen to nodes and their disks, over real stores and sessions in one
/// process. After each, the faults stop, everybody syncs, and the invariants (`Checks/Invariants`) must hold.
///
/// `SIMPUL_HISTORIES=2000` sets how many, `SIMPUL_SEED=17` plays that one alone, `SIMPUL_SEED=1001-2000` those.
@Suite(.serialized) struct HistoryTests {
    @Test func `Every history ends with all that was saved at the centre`() throws {
        var happened: [String: Int] = [:]
        let seeds = try Chosen.now.get().seeds
        for seed in seeds {
            let outcome = History.play(seed: seed)
            happened.merge(outcome.happened, uniquingKeysWith: +)
            // What else would have happened is not known, so nothing is said of it.
            if let failure = outcome.failure {
                Issue.record("\(History.shrink(seed: seed, failure))")
                return
            }
        }
        print("\(seeds.count) histories, seeds \(seeds); happened: \(Self.sorted(happened))")
        guard seeds.count >= 60 else { return }
        // What never happens tests nothing.
        for kind in Self.sometimes { #expect(happened[kind, default: 0] > 0, "\(kind) never happened") }
    }

    private static let sometimes =
        [
            "visit", "imported", "person", "opaque", "future", "correction", "retraction", "merge", "sync", "double",
            "cut", "cut with lines", "bundle", "bundle cut", "bundle taken", "backup", "restore", "old files put back",
            "leave", "rotate", "revoke",
            "revoke at a size", "revocation taken back", "revocation corrected", "move", "restart", "crash", "project",
        ] + (Features.branches ? ["copyDisk", "fork", "correction of a branch"] : [])

    private static func sorted(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    #if DEBUG
        /// Within how many histories each must be found.
        private static let limits: [(mistake: Mistake, histories: UInt64)] = [
            (.receiptBeforeCommit, 10), (.resumeFromMemory, 60), (.branchDropped, 60), (.revocationByArrival, 60),
            (.correctionBySequence, 60),
        ]

        @Test(.disabled(if: Chosen.isAsked), arguments: limits.indices)
        func `A mistake put in on purpose is found`(_ index: Int) throws {
            let (mistake, limit) = Self.limits[index]
            let found = Mistake.$planted.withValue(mistake) {
                (1...limit).lazy.compactMap { seed in History.play(seed: seed).failure.map { (seed, $0) } }.first
            }
            let (seed, failure) = try #require(found, "\(mistake) was not found within \(limit) histories")
            #expect(failure.error is Violation, "found by an error of another kind: \(failure)")
            print("\(mistake): found by history \(seed) of \(limit): \(failure)")
        }
    #endif

    @Test(.disabled(if: Chosen.isAsked)) func `The same seed plays the same history`() throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            #expect(History.play(seed: seed).account == History.play(seed: seed).account)
        }
    }

    @Test(.disabled(if: Chosen.isAsked)) func `Wrong clocks change nothing of what is accepted`() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let (first, second) = (History.play(seed: seed), History.play(seed: seed, clocks: seed &+ 1_000))
            #expect(first.accepted == second.accepted, "invariant 9, seed \(seed)")
        }
    }

    /// Each failed once, and what it found was mended.
    @Test(.disabled(if: Chosen.isAsked), arguments: [302] as [UInt64])
    func `A history that once failed does not fail again`(_ seed: UInt64) {
        let failure = History.play(seed: seed).failure
        #expect(failure == nil, "\(failure.map { "\($0)" } ?? "")")
    }

    @Test(arguments: [
        ["SIMPUL_SEED": "satu"], ["SIMPUL_SEED": ""], ["SIMPUL_SEED": "17x"], ["SIMPUL_SEED": "1-"],
        ["SIMPUL_SEED": "1-2-3"], ["SIMPUL_SEED": "9-3"], ["SIMPUL_HISTORIES": "0"], ["SIMPUL_HISTORIES": "many"],
    ])
    func `A seed that is no number is an error`(_ environment: [String: String]) throws {
        #expect(throws: Chosen.Wrong.self) { try Chosen(environment) }
    }

    @Test func `Seeds are one, a run, or as many as asked for`() throws {
        #expect(try Chosen(["SIMPUL_SEED": "17"]).seeds == 17...17)
        #expect(try Chosen(["SIMPUL_SEED": "1001-2000"]).seeds == 1_001...2_000)
        #expect(try Chosen(["SIMPUL_HISTORIES": "2000"]).seeds == 1...2_000)
        #expect(try Chosen([:]).seeds == 1...60)
    }
}
