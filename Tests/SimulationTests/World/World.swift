import Event
import Foundation
import Node
import Store
import Sync
import TestKit

/// All machines of one history, and what was told to their users.
final class World {
    /// A line that a user was told is saved.
    struct Told {
        let line: AppendedLine
        let by: String
        let step: Int
        /// The only disk that had it was overwritten.
        var isLost = false
    }

    private let folder: TestFolder
    private(set) var machines: [Machine] = []
    /// Machines that are switched off for good: what they had, others have.
    private(set) var retired: [Machine] = []
    var told: [Told] = []
    var backups: [DiskCopy] = []
    var sticks: [Stick] = []
    /// Days of the history, for clocks.
    var wall: Int64
    /// The step that runs now, and what it does, for reports.
    var step = 0
    private var nextKeys = Site.allCases.count
    private var names = 0
    private(set) var revoked: Set<Epoch> = []

    static let start: Int64 = 1_786_700_000_000

    init(wall: Int64 = World.start) throws {
        self.wall = wall
        folder = try TestFolder("history")
        for copy in try Template.shared.get().copies {
            machines.append(try boot(copy, label: copy.site.name))
        }
    }

    deinit { for machine in machines + retired { try? machine.close() } }

    private func boot(_ copy: DiskCopy, label: String, prepared: Bool = false) throws -> Machine {
        names += 1
        let path = folder.path + "/\(names)"
        try copy.write(to: path)
        if prepared { try LogStore.prepareRestored(folder: path, holding: copy.site.role != .village) }
        let machine = try Machine(copy.site, label: label, keys: copy.keys, folder: path)
        if !prepared { machine.memory = copy.memory }
        return machine
    }

    func file(_ name: String) -> String { folder.file(name) }

    func machine(_ site: Site) -> Machine { machines.first { $0.site == site }! }

    /// Machines that may write.
    func writers(_ role: Enrolment.Role) throws -> [Machine] {
        try machines.filter { try $0.site.role == role && $0.mayWrite }
    }

    func machines(of role: Enrolment.Role) -> [Machine] { machines.filter { $0.site.role == role } }

    func isRevoked(_ machine: Machine) -> Bool { revoked.contains(machine.keys.epoch) }

    // MARK: - Disks

    /// A second machine with the same disk.
    func copy(_ machine: Machine) throws -> Machine {
        let twin = try boot(
            DiskCopy(of: machine), label: "\(machine.site.name)/\(machines.count + retired.count)")
        twin.parent = machine.parent
        twin.skew = machine.skew
        machines.append(twin)
        return twin
    }

    /// Puts a backup in the place of what a machine has. What only that disk had is lost, and nobody's fault.
    ///
    /// - Parameter prepared: as `simpul restore` does it; else the files are copied over.
    func restore(_ machine: Machine, from backup: DiskCopy, prepared: Bool) throws -> Machine {
        let restored = try replace(machine, by: backup, prepared: prepared)
        for place in told.indices where !told[place].isLost {
            told[place].isLost = try !(machines + retired).contains { try $0.holds(told[place].line) }
        }
        return restored
    }

    /// Starts a machine from other files.
    func replace(_ machine: Machine, by backup: DiskCopy, prepared: Bool = false) throws -> Machine {
        let index = machines.firstIndex { $0 === machine }!
        let restored = try boot(backup, label: machine.label, prepared: prepared)
        restored.parent = machine.parent
        restored.skew = machine.skew
        restored.isMute = machine.isMute
        machines[index] = restored
        try machine.close()
        return restored
    }

    /// Nobody knows the machine any more, and nobody may enrol it: what only it has is lost.
    func abandon(_ machine: Machine) {
        machines.removeAll { $0 === machine }
        retired.append(machine)
        for place in told.indices where told[place].by == machine.label { told[place].isLost = true }
    }

    /// A new disk for a node, with a new epoch, enrolled by `by`.
    func enrol(_ site: Site, by: Machine) throws -> Machine {
        let keys = try KeyPool.keys(nextKeys)
        nextKeys += 1
        names += 1
        let path = folder.path + "/\(names)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let label = "\(site.name)/\(machines.count + retired.count)"
        let machine = try Machine(site, label: label, keys: keys, folder: path)
        let own = try machine.own
        try Template.enrol(own, by: by, wall: tick(), tell: tell)
        for enrolment in [try self.machine(.centre).own, try by.own, own] { try machine.store.trust(enrolment) }
        machine.parent = by.site
        machines.append(machine)
        return machine
    }

    /// A copy that met lines which it did not write under its key opens an epoch of its own; its old key vouches for it.
    func leave(_ machine: Machine, by parent: Machine) throws {
        let keys = try KeyPool.keys(nextKeys)
        nextKeys += 1
        let (node, region) = (machine.node, try RegionCode(machine.site.region))
        try Template.enrol(keys.enrolment(node, region, machine.site.role), by: parent, wall: tick(), tell: tell)
        try machine.go(on: keys)
    }

    func revoke(_ machine: Machine) { revoked.insert(machine.keys.epoch) }

    // MARK: - Telling

    /// The clock goes on by a second.
    func tick() -> Int64 {
        wall += 1_000
        return wall
    }

    func tell(_ line: AppendedLine, _ machine: Machine) {
        told.append(Told(line: line, by: machine.label, step: step))
    }
}
