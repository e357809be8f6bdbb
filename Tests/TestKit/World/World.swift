import Event
import Store
import Sync

/// A centre, a hub, and villages of which the first has two laptops.
public final class World {
    public let centre: Party
    public let hub: Party
    public let villages: [Party]
    public let uplink: Link
    public let links: [Link]

    /// `lontar-a` and `lontar-b` are siblings.
    public static let names: [(node: String, region: String)] = [
        ("lontar-a", "36.04.13.2007"), ("lontar-b", "36.04.13.2007"), ("kramat-a", "36.04.13.2008"),
        ("tirtayasa-a", "36.04.14.2001"),
    ]

    public init() throws {
        let centre = try Party.centre()
        let hub = try centre.child("hub-serang", region: "36.04", role: .hub, root: centre)
        self.centre = centre
        self.hub = hub
        villages = try Self.names.map { try hub.child($0.node, region: $0.region, role: .village, root: centre) }
        uplink = Link(hub, centre)
        links = villages.map { Link($0, hub) }
    }

    public var parties: [Party] { [centre, hub] + villages }
    public var allLinks: [Link] { [uplink] + links }

    /// Syncs without faults until a whole round brings nothing new.
    ///
    /// - Returns: the rounds it took; nil when `limit` rounds were not enough.
    public func settle(limit: Int = 8) throws -> Int? {
        for round in 1...limit {
            var isQuiet = true
            for link in links + [uplink] {
                let session = try link.sync()
                let tally = session.tally
                if tally.requests > 1 || tally.linesUp + tally.linesDown + tally.keys > 0 { isQuiet = false }
            }
            if isQuiet { return round }
        }
        return nil
    }
}
