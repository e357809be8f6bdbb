import Event
import Store
import Sync

/// What is known here about one key: who holds it, since when. Never its secret.
public struct KeyEntry: Sendable {
    /// A node that the key was wrapped for.
    public struct Reader: Sendable, Hashable {
        public let node: NodeName
        public let epoch: Epoch
        /// Gets no lines and no keys any more; what it had, it has.
        public let isRevoked: Bool
    }

    public let name: KeyName
    /// The village that serves the holder.
    public let region: String
    /// When this node made or got it, RFC 3339; nil when it does not hold it.
    public let heldSince: String?
    public var isHeld: Bool { heldSince != nil }
    /// The one that new lines are written with.
    public let isNewest: Bool
    public let readers: [Reader]
}

extension PersonKeyring {
    /// The keys known here, held or only wrapped for others, by holder and number.
    ///
    /// - Parameter holder: only those of this person, household or case.
    public func inventory(of holder: String? = nil) throws -> [KeyEntry] {
        let held = try holder.map { try keys.names(of: $0) } ?? keys.names()
        let shares = try holder.map { try store.keyShares(holder: $0) } ?? store.keyShares()
        let revoked = try Set(store.enrolments().filter { $0.revoked != nil }.map { Place($0.enrolment) })
        let byKey = Dictionary(grouping: shares, by: \.key)
        let here = Dictionary(held.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(byKey.keys).union(here.keys).compactMap(KeyName.init)
        let newest = Dictionary(names.map { ($0.holder, $0.number) }, uniquingKeysWith: max)
        return names.sorted { ($0.holder, $0.number) < ($1.holder, $1.number) }.map { name in
            let shares = byKey[name.description] ?? []
            let readers = shares.map {
                KeyEntry.Reader(
                    node: $0.recipient, epoch: $0.epoch,
                    isRevoked: revoked.contains(Place(node: $0.recipient, epoch: $0.epoch)))
            }
            return KeyEntry(
                name: name, region: here[name.description]?.region ?? shares.first?.region.description ?? "",
                heldSince: here[name.description]?.since, isNewest: newest[name.holder] == name.number,
                readers: readers)
        }
    }

    private struct Place: Hashable {
        let node: NodeName
        let epoch: Epoch

        init(node: NodeName, epoch: Epoch) {
            self.node = node
            self.epoch = epoch
        }

        init(_ enrolment: Enrolment) { self.init(node: enrolment.node, epoch: enrolment.epoch) }
    }
}
