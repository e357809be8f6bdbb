import Event
import Store
import Sync

/// Where this node's own records stand, as counts, and when it last had contact.
public struct SyncState: Sendable {
    /// Own records (what readings leave behind is not counted) by how far they have come.
    public let counts: [LineStage: Int]
    /// Own records that go no further for now, by the code of the reason.
    public let heldUp: [String: Int]
    /// Last time the parent answered, RFC 3339; nil: never.
    public let lastContact: String?
    public let lastFailure: String?
    public let failureReason: String?

    public var total: Int { counts.values.reduce(0, +) }

    init(node: Node) throws {
        let paths = try node.paths()
        let own = try node.store.logs().filter {
            $0.log.node == node.own.node && $0.log.audience != .local && $0.log.lane != .audit
        }
        let standings = own.map { paths.standing(of: $0.log, size: $0.size) }
        counts = standings.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: +) }
        heldUp = standings.reduce(into: [:]) { $0.merge($1.heldUp, uniquingKeysWith: +) }
        let peer = try node.parent().map { try node.store.peer($0.node) }
        lastContact = peer?.lastContact
        lastFailure = peer?.lastFailure
        failureReason = peer?.failureReason
    }
}

extension LinePaths {
    /// How far the first `size` lines of a log have come, each counted at the furthest stage it reached.
    func standing(of log: LogName, size: Int64) -> (counts: [LineStage: Int], heldUp: [String: Int]) {
        let statement = counted[log]
        let readAtCentre = min(size, statement?.size ?? 0)
        var heldUp: [String: Int] = [:]
        for exception in statement?.exceptions ?? [] {
            heldUp[exception.reason, default: 0] += Int(exception.last - exception.first + 1)
        }
        let excepted = Int64(heldUp.values.reduce(0, +))
        let atCentre = here >= .atCentre ? size : max(readAtCentre, min(size, held[log]?[root] ?? 0))
        let atHub = here >= .atHub ? size : max(atCentre, min(size, parent.flatMap { held[log]?[$0] } ?? 0))
        if let refusal = refusals[log], atHub < size { heldUp[refusal.code, default: 0] += Int(size - atHub) }
        return (
            [
                .counted: Int(readAtCentre - excepted), .atCentre: Int(atCentre - readAtCentre + excepted),
                .atHub: Int(atHub - atCentre), .saved: Int(size - atHub),
            ], heldUp
        )
    }
}
