import Event
import Store
import Sync
import TestKit

extension Play {
    func wire(_ child: Machine, _ parent: Machine) -> Wire {
        var wire = Wire(child, parent)
        wire.onReceipt = { [receipts] in try receipts.leaves(parent, $0) }
        return wire
    }

    func sync(cut: Bool) throws {
        guard let child = pick(world.machines.filter { $0.parent != nil }), let site = child.parent else { return }
        let parent = world.machine(site)
        var faults = WireFaults()
        if dice.once(in: 2) {
            faults.frameBytes = 600
            faults.requestBytes = dice.once(in: 2) ? 1_500 : 100_000
        }
        var how = ""
        if cut {
            let bytes = Int.random(in: 0..<(dice.once(in: 2) ? 900 : 4_000), using: &dice)
            switch Int.random(in: 0..<3, using: &dice) {
            case 0:
                faults.upBytes = bytes
                how = ", upload dies after \(bytes) bytes"
            case 1:
                faults.downBytes = bytes
                how = ", answer dies after \(bytes) bytes"
            default:
                faults.downBytes = 0
                how = ", no answer"
            }
        } else if dice.once(in: 5) {
            faults.doubles = true
            how = ", each frame twice"
        }
        let outcome = try wire(child, parent).sync(faults)
        try pruning.look(at: [child, parent])
        try leaveIfNeeded(child, parent, outcome)
        note(cut ? "cut" : "sync", "\(child.label) → \(parent.label)\(how): \(outcome.lines) lines")
        if faults.doubles { note("double", "twice") }
        if cut, outcome.lines > 0 { note("cut with lines", "") }
    }

    /// As `SyncRunner` does after a sync that came to its end.
    func leaveIfNeeded(_ child: Machine, _ parent: Machine, _ outcome: Wire.Outcome) throws {
        guard outcome.agreed, !world.isRevoked(child), try parent.mayWrite, try child.store.mustLeaveEpoch() != nil
        else {
            return
        }
        let old = child.keys.epoch
        try world.leave(child, by: parent)
        note("leave", "\(child.label) leaves \(old) for \(child.keys.epoch)")
    }

    func bundle() throws {
        if dice.once(in: 2), !world.sticks.isEmpty {
            let stick = world.sticks[Int.random(in: 0..<world.sticks.count, using: &dice)]
            // Kept: it may be read again, late, and by a machine that was restored since.
            try take(stick, at: world.machine(stick.recipient))
            note("bundle taken", "\(stick.recipient.name) takes a stick of \(stick.maker)")
            return
        }
        guard let maker = pick(world.machines), let recipient = pick(Site.allCases.filter { $0 != maker.site }) else {
            return
        }
        var stick = try Stick(from: maker, to: recipient, everything: dice.once(in: 2))
        let isCut = dice.once(in: 5)
        if isCut { stick.bytes = Array(stick.bytes.prefix(Int.random(in: 0..<stick.bytes.count, using: &dice))) }
        world.sticks.append(stick)
        note("bundle", "\(maker.label) makes a stick for \(recipient.name)\(isCut ? ", cut" : "")")
        if isCut { note("bundle cut", "") }
        if dice.once(in: 2) {
            try take(stick, at: world.machine(recipient))
            note("bundle taken", "taken at once")
        }
    }

    func take(_ stick: Stick, at machine: Machine) throws {
        try stick.apply(to: machine) { [receipts] in try receipts.leaves(machine, $0) }
    }

    /// Another hub becomes the parent, or the centre: of the machine alone, with what it has not sent yet.
    func move() throws {
        guard let machine = pick(world.machines(of: .village)) else { return }
        let region = try machine.own.region
        let parents = Site.allCases.filter { site in
            site.role != .village && site != machine.parent
                && (try? region.isAtOrBelow(RegionCode(site.region))) == true
        }
        guard let parent = pick(parents) else { return }
        machine.parent = parent
        note("move", "\(machine.label) goes to \(parent.name)")
    }
}
