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
        for seed in Chosen.seeds {
            let outcome = History.play(seed: seed)
            happened.merge(outcome.happened, uniquingKeysWith: +)
            guard let failure = outcome.failure else { continue }
            Issue.record("\(History.shrink(seed: seed, failure))")
            break
        }
        print("\(Chosen.seeds.count) histories, seeds \(Chosen.seeds); happened: \(Self.sorted(happened))")
        guard Chosen.seeds.count >= 60 else { return }
        // What never happens tests nothing.
        for kind in Self.sometimes { #expect(happened[kind, default: 0] > 0, "\(kind) never happened") }
    }

    private static let sometimes =
        [
            "visit", "imported", "person", "opaque", "future", "correction", "retraction", "merge", "sync", "double",
            "cut", "cut with lines", "bundle", "bundle cut", "bundle taken", "backup", "restore", "old files put back",
            "leave", "rotate", "revoke",
            "revoke at a size", "revocation taken back", "revocation corrected", "move", "restart", "crash", "project",
        ] + (Features.branches ? ["copyDisk"] : [])

    private static func sorted(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    #if DEBUG
        /// Within how many histories each must be found. `correctionBySequence` is not among them: it needs two
        /// histories of a log, and a correction of one of two lines at the same place, which comes up too rarely.
        private static let limits: [(mistake: Mistake, histories: UInt64)] = [
            (.receiptBeforeCommit, 10), (.resumeFromMemory, 60), (.branchDropped, 60), (.revocationByArrival, 60),
        ]

        @Test(.disabled(if: Chosen.isAsked), arguments: 0..<4)
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
}

/// What the environment asks for.
private enum Chosen {
    /// From `SIMPUL_SEED`: one seed, or a run of them such as `1001-2000`, which can be shared out among processors.
    private static let asked: ClosedRange<UInt64>? = {
        let parts = ProcessInfo.processInfo.environment["SIMPUL_SEED"]?.split(separator: "-").compactMap { UInt64($0) }
        guard let first = parts?.first, let last = parts?.last, first <= last else { return nil }
        return first...last
    }()

    static let seeds =
        asked ?? 1...(ProcessInfo.processInfo.environment["SIMPUL_HISTORIES"].flatMap { UInt64($0) } ?? 60)

    /// The others are left out where only these are wanted.
    static let isAsked = asked != nil
}
