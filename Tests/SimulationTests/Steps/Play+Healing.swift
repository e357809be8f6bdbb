import Event
import Store
import Sync

extension Play {
    /// Faults have stopped: everybody syncs; who is barred hands a stick in.
    ///
    /// - Throws: `Violation` of 14 where that does not come to an end.
    func heal() throws {
        let limit = 10
        var restless: [String] = []
        for round in 1...limit {
            var isQuiet = true
            restless = []
            for child in world.machines.sorted(by: { $0.site.role.depth > $1.site.role.depth }) {
                guard let site = child.parent else { continue }
                let parent = world.machine(site)
                guard child !== parent else { continue }
                if try wire(child, parent).isLetIn() {
                    let outcome = try wire(child, parent).sync()
                    let epoch = child.keys.epoch
                    try leaveIfNeeded(child, parent, outcome)
                    if epoch != child.keys.epoch { isQuiet = false }
                    if outcome.moved || !outcome.agreed {
                        isQuiet = false
                        restless.append(
                            "\(child.label) → \(parent.label) \(outcome.agreed ? "still brings something" : "disagrees")"
                        )
                    }
                    restless += outcome.refused.values.map { "\(child.label): \($0.code) \($0.detail)" }
                } else if round <= 3 {
                    isQuiet = false
                    try take(Stick(from: child, to: site, everything: true), at: parent)
                    if round == 3 { try enrolAgain(child, parent) }
                }
            }
            if isQuiet { return note("healed in \(round)", "healed in \(round) rounds") }
        }
        throw Violation(
            invariant: 14, node: "all",
            what: "no rest after \(limit) rounds of syncs without faults; " + restless.sorted().joined(separator: "; "))
    }

    /// Its hub was put back to before it was enrolled, and nobody else has the line: an operator does it again.
    private func enrolAgain(_ machine: Machine, _ parent: Machine) throws {
        let own = try machine.own
        guard !world.isRevoked(machine), try parent.store.enrolment(node: own.node, epoch: own.epoch) == nil else {
            return
        }
        guard let office = try [parent, world.machine(.centre)].first(where: { try $0.mayWrite }) else {
            return world.abandon(machine)
        }
        note("enrolled again", "\(machine.label) is enrolled again by \(office.label)")
        try Template.enrol(own, by: office, wall: world.tick(), tell: world.tell)
    }
}

extension Enrolment.Role {
    fileprivate var depth: Int {
        switch self {
        case .village: 2
        case .hub: 1
        case .centre: 0
        }
    }
}
