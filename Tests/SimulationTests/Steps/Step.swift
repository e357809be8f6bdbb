import TestKit

/// One thing that happens. What exactly is decided by its own dice, so that leaving a step out changes no other's.
struct Step: Sendable, Hashable {
    enum Kind: String, CaseIterable, Sendable {
        case append, sync, cut, bundle, copyDisk, backup, restore, rotate, revoke, move, merge, restart, project, fork,
            correctFork
    }

    let kind: Kind
    let dice: UInt64

    /// How often each comes up.
    private static let weights: [(Kind, Int)] = [
        (.append, 30), (.sync, 24), (.cut, 10), (.bundle, 8), (.copyDisk, 4), (.backup, 5), (.restore, 5), (.rotate, 4),
        (.revoke, 9), (.move, 4), (.merge, 3), (.restart, 4), (.project, 4),
    ]

    static func history(seed: UInt64) -> [Step] {
        var dice = SeededGenerator(seed: seed)
        let total = weights.reduce(0) { $0 + $1.1 }
        let steps = (0..<Int.random(in: 10...25, using: &dice)).map { _ in
            var left = Int.random(in: 0..<total, using: &dice)
            let kind = weights.first { _, weight in
                left -= weight
                return left < 0
            }
            return Step(kind: kind?.0 ?? .append, dice: dice.next())
        }
        // Two lines at one place, and a correction that means one of them, come up too rarely by chance. The others stay
        // what they always were, so that a seed that once failed is still the history that failed.
        return seed.isMultiple(of: 3) ? withFork(steps, &dice) : steps
    }

    private static func withFork(_ steps: [Step], _ dice: inout SeededGenerator) -> [Step] {
        var steps = steps
        let fork = Int.random(in: 0...steps.count, using: &dice)
        steps.insert(Step(kind: .fork, dice: dice.next()), at: fork)
        for _ in 0..<2 {
            steps.insert(
                Step(kind: .correctFork, dice: dice.next()), at: Int.random(in: (fork + 1)...steps.count, using: &dice))
        }
        return steps
    }
}

/// An invariant that does not hold.
struct Violation: Error, CustomStringConvertible {
    /// Its number in the list at the head of `Invariants`.
    let invariant: Int
    let node: String
    let what: String

    var description: String { "invariant \(invariant), \(node): \(what)" }
}
