import Event
import Foundation
import Store
import Sync
import TestKit
import TransparencyLog

/// Plays one history and tells what happened.
final class Play {
    let world: World
    var dice = SeededGenerator(seed: 0)
    /// What happened, by kind: what never does tests nothing.
    private(set) var happened: [String: Int] = [:]
    /// What each step came to, for people.
    private(set) var account: [String] = []
    let models: CentreModels
    let receipts: ReceiptLaw
    let pruning = NothingPruned()

    /// - Parameter clocks: which clocks are wrong, and how.
    init(clocks: UInt64) throws {
        world = try World()
        models = CentreModels(world)
        receipts = ReceiptLaw(world)
        var dice = SeededGenerator(seed: clocks)
        let minute: Int64 = 60_000
        for machine in world.machines {
            machine.skew =
                [0, 0, 0, -3 * minute, 2 * minute, -World.start + 86_400_000, 5_256_000 * minute]
                .randomElement(using: &dice) ?? 0
        }
    }

    func run(_ steps: [Step]) throws {
        for (index, step) in steps.enumerated() {
            world.step = index
            dice = SeededGenerator(seed: step.dice)
            account.append("")
            try play(step.kind)
        }
        world.step = steps.count
        account.append("")
    }

    private func play(_ kind: Step.Kind) throws {
        switch kind {
        case .append: try append()
        case .sync: try sync(cut: false)
        case .cut: try sync(cut: true)
        case .bundle: try bundle()
        case .copyDisk: try copyDisk()
        case .backup: try backup()
        case .restore: try restore()
        case .rotate: try rotate()
        case .revoke: try revoke()
        case .move: try move()
        case .merge: try merge()
        case .restart: try restart()
        case .project: try project()
        case .fork: try fork()
        case .correctFork: try correctFork()
        }
    }

    func note(_ kind: String, _ text: String) {
        happened[kind, default: 0] += 1
        let line = "\(world.step) \(text)"
        if account.isEmpty { account.append("") }
        account[account.count - 1] += (account[account.count - 1].isEmpty ? "" : "; ") + line
    }

    func pick<T>(_ values: [T]) -> T? { values.randomElement(using: &dice) }

    func uuid() -> String {
        let bytes = dice.bytes(16).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let parts = [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)]
        return parts.map { start, count in String(bytes.dropFirst(start).prefix(count)) }.joined(separator: "-")
    }

    // MARK: - Restarts

    private func restart() throws {
        guard var machine = pick(world.machines) else { return }
        let before = try Kept(machine)
        if dice.once(in: 2) {
            try machine.restart()
            note("restart", "\(machine.label) restarts")
        } else {
            // Nobody closed the files: what was said to be durable is in them all the same.
            machine = try world.replace(machine, by: DiskCopy(of: machine))
            note("crash", "\(machine.label) dies and starts again")
        }
        try before.check(machine)
    }

    private func project() throws {
        note("project", "the centre counts")
        try models.advance()
    }
}
