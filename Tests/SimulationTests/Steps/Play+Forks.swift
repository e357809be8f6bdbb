import Event
import Store
import Sync
import TestKit
import TransparencyLog

extension Play {
    /// A laptop's disk is copied and both write before either syncs: two lines at one place of one log.
    func fork() throws {
        guard Features.branches, let machine = try pick(world.writers(.village)) else { return }
        let twin = try world.copy(machine)
        if world.isRevoked(machine) { world.revoke(twin) }
        note("fork", "\(machine.label) is copied to \(twin.label), and both write")
        for writer in [machine, twin] {
            let household = uuid()
            let line = try writer.append(
                "visit.recorded", subject: household, data: visitData(household), wall: world.tick())
            try tell(line, writer, "visit")
        }
    }

    /// One of several lines at the same place is corrected, by somebody who holds it, whether or not he holds the other.
    func correctFork() throws {
        var hashes: [Place: Set<Hash>] = [:]
        var visits: [(machine: Machine, place: Place, hash: Hash, region: RegionCode)] = []
        for machine in world.machines {
            let own = try machine.own.region
            let mayWrite = try machine.mayWrite
            for head in try machine.heads() {
                for (sequence, bytes) in try machine.lines(head).enumerated() {
                    let (place, hash) = (Place(log: head.log, sequence: Int64(sequence)), Hash.leaf(bytes))
                    hashes[place, default: []].insert(hash)
                    guard mayWrite, let region = head.log.audience.region, region.isAtOrBelow(own),
                        (try? EventLine(parsing: bytes))?.type == "visit.recorded"
                    else { continue }
                    visits.append((machine, place, hash, region))
                }
            }
        }
        guard let (machine, place, hash, region) = pick(visits.filter { hashes[$0.place, default: []].count > 1 })
        else {
            return
        }
        let target = try LineReference(log: place.log, sequence: place.sequence, leafHash: hash.bytes)
        let purpose = pick(Self.purposes.filter { $0 != "routine" }) ?? "follow_up"
        try tell(correction(of: target, machine, region, purpose: purpose), machine, "correction of a branch")
    }

    private struct Place: Hashable {
        let log: LogName
        let sequence: Int64
    }
}
