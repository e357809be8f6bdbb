import Event
import Store
import Sync
import TestKit

extension Play {
    /// A laptop's disk is copied to another; both are used.
    func copyDisk() throws {
        guard Features.branches, let machine = pick(world.machines(of: .village)) else { return }
        let twin = try world.copy(machine)
        if world.isRevoked(machine) { world.revoke(twin) }
        note("copyDisk", "\(machine.label) is copied to \(twin.label)")
    }

    func backup() throws {
        guard let machine = pick(world.machines) else { return }
        world.backups.append(try DiskCopy(of: machine))
        note("backup", "\(machine.label) is backed up")
    }

    func restore() throws {
        let possible = world.machines.flatMap { machine in
            world.backups.indices.filter { world.backups[$0].keys.epoch == machine.keys.epoch }.map { (machine, $0) }
        }
        guard let (machine, backup) = pick(possible) else { return }
        let before = try machine.logs().filter { $0.log.node == machine.node }
        let prepared = dice.once(in: 2)
        let restored = try world.restore(machine, from: world.backups[backup], prepared: prepared)
        pruning.forget(restored)
        if machine.site == .centre { try models.forget() }
        note(prepared ? "restore" : "old files put back", "\(machine.label) is put back")
        // Without branches: it takes its lost lines back before it writes again.
        guard !Features.branches else { return }
        try recover(restored)
        for row in before where try restored.store.row(row.log, atCounter: .max)?.size ?? 0 < row.size {
            restored.isMute = true
        }
    }

    private func recover(_ machine: Machine) throws {
        for _ in 0..<2 {
            if let parent = machine.parent { try wire(machine, world.machine(parent)).sync() }
            for child in world.machines where child.parent == machine.site {
                try wire(child, machine).sync()
            }
        }
    }

    /// A laptop is enrolled anew, with new keys; the old disk is there until it has handed over what it has.
    func rotate() throws {
        guard let machine = pick(world.machines(of: .village)), let site = machine.parent else { return }
        guard try world.machine(site).mayWrite else { return }
        let new = try world.enrol(machine.site, by: world.machine(site))
        note("rotate", "\(machine.label) is enrolled anew as \(new.label) by \(site.name)")
    }

    // MARK: - Revocation

    /// A laptop is reported lost. What its hub says of how much of it counts may lie before or after what is there.
    func revoke() throws {
        if dice.once(in: 2), try changeRevocation() { return }
        let machines = world.machines(of: .village).filter { !world.isRevoked($0) }
        guard let machine = pick(machines) else { return }
        let region = try machine.own.region
        let offices = try (world.writers(.hub) + world.writers(.centre)).filter { office in
            (try? region.isAtOrBelow(office.own.region)) == true
        }
        guard let office = pick(offices) else { return }
        var data: [JSONMember] = [
            JSONMember("node", .string(machine.node.description)),
            JSONMember("epoch", .string(machine.keys.epoch.description)), JSONMember("reason", .string("lost")),
            JSONMember("at", .string("2026-08-14T10:00:00Z")),
        ]
        let atSize = !dice.once(in: 3)
        if atSize { data.append(JSONMember("sizes", try sizes(of: machine))) }
        let line = try office.append(
            "node.revoked", subject: machine.node.description, data: .object(data), wall: world.tick())
        world.tell(line, office)
        for other in world.machines where other.keys.epoch == machine.keys.epoch { world.revoke(other) }
        note(atSize ? "revoke at a size" : "revoke", "\(office.label) revokes \(machine.label)")
    }

    private func sizes(of machine: Machine) throws -> JSON {
        let own = try machine.logs().filter { $0.log.epoch == machine.keys.epoch && $0.log.node == machine.node }
        let named = own.filter { _ in !dice.once(in: 5) }
        return .array(
            named.map { row in
                .object([
                    JSONMember("log", .string(row.log.description)),
                    JSONMember("size", .int(Int64.random(in: 0...row.size, using: &dice))),
                ])
            })
    }

    /// The office finds that more of it, or all, was written by its owner.
    private func changeRevocation() throws -> Bool {
        let offices = try world.writers(.hub) + world.writers(.centre)
        var revocations: [(Machine, AppendedLine, JSON)] = []
        for told in world.told {
            guard let line = try? EventLine(parsing: told.line.bytes), line.type == "node.revoked",
                let office = offices.first(where: { $0.label == told.by }), try office.holds(told.line)
            else { continue }
            revocations.append((office, told.line, line.data))
        }
        guard let (office, revocation, data) = pick(revocations) else { return false }
        let target = revocation.reference.description
        if dice.once(in: 2) {
            let line = try office.append(
                "record.retracted", subject: uuid(),
                data: .object([
                    JSONMember("target", .string(target)), JSONMember("reason", .string("new_evidence")),
                ]), wall: world.tick())
            world.tell(line, office)
            note("revocation taken back", "\(office.label) takes \(revocation.reference.short) back")
        } else {
            let sizes = (data["sizes"]?.arrayValue ?? []).map { entry in
                entry.setting("size", to: .int((entry["size"]?.intValue ?? 0) + Int64.random(in: 0...3, using: &dice)))
            }
            let line = try office.append(
                "record.corrected", subject: uuid(),
                data: .object([
                    JSONMember("target", .string(target)), JSONMember("reason", .string("new_evidence")),
                    JSONMember("patch", .object([JSONMember("sizes", .array(sizes))])),
                ]), wall: world.tick())
            world.tell(line, office)
            note("revocation corrected", "\(office.label) corrects \(revocation.reference.short)")
        }
        return true
    }
}

/// What the program cannot do yet, and histories therefore leave out.
enum Features {
    /// Second histories of a log travel, and count.
    static let branches = true
}
