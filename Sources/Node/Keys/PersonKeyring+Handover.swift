import Crypto
import Event
import Foundation
import Store
import Sync

/// Keys of persons who go to another village (`protocol/12-changing-hands.md`).
extension PersonKeyring {
    var isLocked: Bool { keys.isLocked }

    /// Hands a person over to another village: its nodes get all keys of hers, and a new one for what is written from
    /// now on, which the former village does not get.
    ///
    /// Only a hub can: it alone may hold the keys of both villages.
    public func move(_ holder: String, to village: RegionCode) throws -> KeyName {
        guard own.role == .hub, village.level == .village, village.isAtOrBelow(own.region) else {
            throw NodeError(
                .badInput, "\(own.node) of \(own.region) cannot hand keys over to \(village)",
                advice: "record that the person moved (`simpul record person.moved`); between two hubs the keys go by "
                    + "themselves with the next syncs")
        }
        guard try !keys.names(of: holder).isEmpty else { throw notHeld(holder) }
        let name = try replace(holder, region: village)
        // From here on nodes of the new village get them, and new ones of the former village do not.
        try keys.setRegion(village.description, of: holder)
        try settle()
        return name
    }

    /// Wraps a holder's keys for the hub of a village that is not under this one: as keys of the former village, which is
    /// what this hub may hand upwards. They are wrapped for nobody else, so
    /// whoever is between carries what they cannot open.
    ///
    /// - Returns: how many keys that hub has a share of now; nil where no hub of the village is known.
    func handOut(_ holder: String, from former: RegionCode, to village: RegionCode) throws -> Int? {
        let hubs = try store.enrolments().filter { $0.revoked == nil }.map(\.enrolment)
            .filter { $0.role == .hub && village.isAtOrBelow($0.region) && $0.node != own.node }
        guard let nearest = hubs.map(\.region).max(by: { $0.level < $1.level }) else { return nil }
        let existing = try store.keyShareNames()
        var shares: [KeyShare] = []
        let held = try keys.keys(of: holder)
        for key in held {
            for hub in hubs where hub.region == nearest {
                guard !existing.contains("\(key.key) \(hub.node)/\(hub.epoch) \(former)") else { continue }
                shares.append(
                    KeyShare(
                        key: key.key, recipient: hub.node, epoch: hub.epoch, region: former, top: .nation,
                        box: try wrap(SymmetricKey(data: key.secret), key: key.key, for: hub), author: own.node))
            }
        }
        try store.save(shares)
        // Nobody who comes to the former village now gets them.
        try keys.setRegion(village.description, of: holder)
        return held.count
    }

    /// Lets wrapped keys go down to a village's hub: the same boxes, which this node cannot open, with the new village in
    /// the place of the former.
    func relay(_ holder: String, to village: RegionCode) throws {
        let shares = try store.keyShares(holder: holder)
        let present = Set(shares.filter { $0.region == village }.map { "\($0.key) \($0.to)" })
        let hubs = try Set(
            store.enrolments().map(\.enrolment).filter { $0.role == .hub && village.isAtOrBelow($0.region) }
                .map { "\($0.node)/\($0.epoch)" })
        try store.save(
            shares.filter {
                $0.region != village && $0.top == .nation && hubs.contains($0.to)
                    && !present.contains("\($0.key) \($0.to)")
            }.map {
                KeyShare(
                    key: $0.key, recipient: $0.recipient, epoch: $0.epoch, region: village, top: .nation, box: $0.box,
                    author: $0.author)
            })
    }

    /// Replaces keys that came from another hub: what is written from now on the former village and hub do not read.
    func replaceForeign(_ holder: String, in village: RegionCode) throws {
        guard let newest = try keys.names(of: holder).last, newest.region == village.description else { return }
        let cameFromAfar = try store.keyShares(holder: holder).contains {
            $0.key == newest.key && $0.recipient == own.node && $0.top == .nation && $0.author != own.node
        }
        if cameFromAfar { _ = try replace(holder, region: village) }
    }
}
