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
    /// How what is here gets away.
    public let way: Way

    public enum Way: Sendable {
        /// A program syncs by the clock.
        case bySchedule
        /// Somebody has to.
        case byHand
        /// Not at all: the parent will not have this node.
        case refused
    }

    public var total: Int { counts.values.reduce(0, +) }

    init(node: Node) throws {
        let paths = try node.paths()
        let own = try node.store.heads().filter {
            $0.log.node == node.own.node && $0.log.audience != .local && $0.log.lane != .audit
        }
        let standings = own.map { paths.standing(of: $0) }
        counts = standings.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: +) }
        heldUp = standings.reduce(into: [:]) { $0.merge($1.heldUp, uniquingKeysWith: +) }
        let peer = try node.parent().map { try node.store.peer($0.node) }
        lastContact = peer?.lastContact
        lastFailure = peer?.lastFailure
        failureReason = peer?.failureReason
        way =
            switch peer?.failureCode.flatMap(NodeCondition.Code.init) {
            case .revoked, .refused: .refused
            default: SyncSchedule.isKept(node.folder) ? .bySchedule : .byHand
            }
    }
}

extension LinePaths {
    /// How far the lines of a log, or the own lines of a branch, have come, each counted at the furthest stage it reached.
    func standing(of head: Head) -> (counts: [LineStage: Int], heldUp: [String: Int]) {
        let tally = tally(head)
        var heldUp: [String: Int] = [:]
        for exception in tally.exceptions {
            heldUp[exception.reason, default: 0] += Int(exception.last - exception.first + 1)
        }
        if let refusal = refusals[head.log], tally.atHub < tally.saved {
            heldUp[refusal.code, default: 0] += Int(tally.saved - tally.atHub)
        }
        return (
            [
                .counted: Int(tally.counted), .atCentre: Int(tally.atCentre - tally.counted),
                .atHub: Int(tally.atHub - tally.atCentre), .saved: Int(tally.saved - tally.atHub),
            ], heldUp
        )
    }
}
