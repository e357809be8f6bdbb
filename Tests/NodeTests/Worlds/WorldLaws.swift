import Event
import Store
import Sync
import TestKit
import Testing

/// What must hold of a world, whatever happened to it (the invariants of `docs/architecture.md`).
struct WorldLaws {
    let world: World

    init(_ world: World) { self.world = world }

    /// Once faults have stopped and everyone has synced.
    func checkAll() throws {
        try checkAlways()
        try checkAudits()
        for party in world.villages + [world.hub] { try checkArrived(party) }
        try checkSiblings()
        try checkKeys()
    }

    /// At any moment, also in the middle of faults.
    func checkAlways() throws {
        for link in world.allLinks { try checkReceipted(link) }
        try checkScopes()
    }

    /// K(n,p) within D(p): what a parent has receipted, it holds.
    private func checkReceipted(_ link: Link) throws {
        for row in try link.child.store.table(scope: link.child.own.region, changedSince: nil) {
            for receipt in try link.child.store.receipts(of: row.log)
            where receipt.kind == .held && receipt.holder == link.parent.own.node {
                let held = try link.parent.store.row(row.log, atCounter: .max)?.size ?? 0
                #expect(held >= receipt.size, "\(link.parent.own.node) receipted more of \(row.log) than it holds")
            }
        }
    }

    /// No node holds a line outside its scope, the centre's intake aside.
    private func checkScopes() throws {
        for party in world.parties {
            for row in try party.store.logs() where row.log.audience != .local {
                #expect(row.log.inScope(of: party.own.region), "\(party.own.node) holds \(row.log)")
            }
        }
    }

    /// Trees, checkpoints, receipts and intake, recomputed from the lines.
    private func checkAudits() throws {
        for party in world.parties {
            let report = try party.store.audit()
            #expect(report.isSound, "\(party.own.node): \(report.findings) \(report.damage)")
        }
    }

    /// Every confirmed line is at the centre, byte for byte, and its author holds the centre's receipt for it.
    private func checkArrived(_ party: Party) throws {
        for line in party.confirmed {
            let (log, sequence) = (line.reference.log, line.reference.sequence)
            #expect(try world.centre.store.line(log, sequence) == line.bytes, "\(line.reference)")
        }
        let logs = Set(party.confirmed.map(\.reference.log))
        for log in logs {
            let receipts = try party.store.receipts(of: log).filter { $0.kind == .held }
            let size = try #require(try party.store.row(log, atCounter: .max)).size
            let isVillage = party.own.role == .village
            for holder in isVillage ? [world.hub, world.centre] : [world.centre] {
                #expect(
                    receipts.contains { $0.holder == holder.own.node && $0.size == size },
                    "\(party.own.node) lacks the receipt of \(holder.own.node) for \(log) at \(size)")
            }
        }
    }

    private func checkSiblings() throws {
        let digests = try world.villages.prefix(2).map { try $0.store.digest(scope: $0.own.region).table }
        #expect(digests[0] == digests[1], "two laptops of one village differ")
        for party in world.villages {
            let above = try world.hub.store.digest(scope: party.own.region).table
            #expect(
                try party.store.digest(scope: party.own.region).table == above, "\(party.own.node) and its hub differ")
        }
    }

    /// Names are readable in their village and at its hub, and nowhere else.
    private func checkKeys() throws {
        #expect(try world.centre.store.keyShares().isEmpty, "the centre holds person keys")
        #expect(try world.centre.readableNames().isEmpty)
        let siblings = try world.villages.prefix(2).map { try $0.readableNames() }
        #expect(siblings[0] == siblings[1])
        let all = try world.villages.reduce(into: Set<String>()) { $0.formUnion(try $1.readableNames()) }
        #expect(try world.hub.readableNames() == all)
    }
}
