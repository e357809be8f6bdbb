import Event
import Foundation
import Sync
import TestKit

/// Plays histories from seeds, and makes those that fail short.
enum History {
    struct Outcome {
        var failure: Failure?
        var happened: [String: Int] = [:]
        var account: [String] = []
        /// Sizes of the centre's logs in the end.
        var accepted: [String: Int64] = [:]
    }

    struct Failure: CustomStringConvertible {
        let seed: UInt64
        let step: Int
        let error: any Error
        let account: [String]

        /// Two failures are the same if the same invariant does not hold.
        var kind: String { (error as? Violation).map { "\($0.invariant)" } ?? "\(type(of: error))" }

        var description: String {
            let place = step < account.count - 1 ? "step \(step)" : "after healing"
            return "seed \(seed), \(place): \(error)"
        }
    }

    static func play(seed: UInt64, clocks: UInt64? = nil) -> Outcome {
        play(seed: seed, Step.history(seed: seed), clocks: clocks ?? seed)
    }

    private static func play(seed: UInt64, _ steps: [Step], clocks: UInt64) -> Outcome {
        var outcome = Outcome()
        var played: Play?
        do {
            let play = try Play(clocks: clocks)
            played = play
            try play.run(steps)
            try play.heal()
            try play.checkAll(seed)
            for head in try play.world.machine(.centre).heads() {
                outcome.accepted["\(head.log)", default: 0] += head.size
            }
        } catch {
            outcome.failure = Failure(
                seed: seed, step: played?.world.step ?? 0, error: error, account: played?.account ?? [])
        }
        outcome.happened = played?.happened ?? [:]
        outcome.account = played?.account ?? []
        return outcome
    }

    /// Leaves out steps for as long as it still fails in the same way.
    ///
    /// - Returns: what is left, step by step, for a person to read.
    static func shrink(seed: UInt64, _ failure: Failure) -> String {
        var steps = Step.history(seed: seed)
        var last = failure
        var size = max(1, steps.count / 2)
        while size >= 1 {
            var start = 0
            while start < steps.count {
                var fewer = steps
                fewer.removeSubrange(start..<min(start + size, steps.count))
                if let smaller = play(seed: seed, fewer, clocks: seed).failure, smaller.kind == failure.kind {
                    (steps, last) = (fewer, smaller)
                } else {
                    start += size
                }
            }
            size /= 2
        }
        let account = last.account.filter { !$0.isEmpty }.map { "    " + $0 }.joined(separator: "\n")
        return "\(failure)\n  shortest that still fails, \(steps.count) steps: \(last.error)\n\(account)\n"
            + "  play it: SIMPUL_SEED=\(seed) swift test --filter HistoryTests"
    }
}

extension Play {
    func checkAll(_ seed: UInt64) throws {
        try pruning.look(at: world.machines)
        try receipts.check()
        try Trees(world).check()
        try Arrival(world).check()
        var dice = SeededGenerator(seed: seed &* 7_919)
        try models.check(&dice)
        try Outcomes(world: world, models: models).check()
    }
}
