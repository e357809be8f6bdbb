import Event
import Foundation
import Node
import Store
import Sync

/// How a node is doing, read from its own files: what it holds, how far that has come, and what hinders it.
struct NodeStatus {
    /// Records that cannot go on, and why.
    struct HeldUp {
        let log: LogName
        /// The whole log when nil.
        let run: ClosedRange<Int64>?
        let code: String
        let detail: String
    }

    struct Child {
        let node: NodeName
        let region: RegionCode
        let lastContact: String?
        let isRevoked: Bool
    }

    struct Alarm {
        let kind: String
        let log: String
        let detail: String
        let at: String
    }

    let own: Enrolment
    let folder: String
    let now: Date
    let timeZone: TimeZone
    let parentAddress: String?
    /// Nil at the centre.
    let parent: PeerMemory?
    /// Records that this node wrote.
    let written: LinePaths.Tally
    /// All records here of its region, those included.
    let held: LinePaths.Tally
    let heldUp: [HeldUp]
    let children: [Child]
    /// Everything the store noted, settled or not: for programs.
    let alarms: [Alarm]
    /// Persons who left a village here, or came to one, the latest first.
    let moves: [PersonMove]
    /// What is not as usual, with the next step.
    let conditions: [NodeCondition]
    /// Further histories of logs here.
    let branches: [Head]

    init(_ node: Node) throws {
        own = node.own
        folder = node.folder.path
        now = node.now()
        timeZone = node.timeZone
        parentAddress = node.configuration.parent?.url
        parent = try node.parent().map { try node.store.peer($0.node) }
        let paths = try node.paths()
        var written = LinePaths.Tally()
        var held = LinePaths.Tally()
        var heldUp: [HeldUp] = []
        for row in try node.store.heads() {
            guard let region = row.log.audience.region, region.isAtOrBelow(node.own.region), row.log.lane != .audit
            else {
                continue
            }
            let tally = paths.tally(row)
            held = held + tally
            if row.log.node == node.own.node { written = written + tally }
            heldUp += tally.exceptions.map { exception in
                HeldUp(log: row.log, run: exception.first...exception.last, code: exception.reason, detail: "")
            }
        }
        self.written = written
        self.held = held
        let refusals = try node.store.refusals()
        self.heldUp = refusals.map { HeldUp(log: $0.log, run: nil, code: $0.code, detail: $0.detail) } + heldUp
        children = try Self.children(node)
        let own = node.own.region
        moves = try node.personMoves()
            .filter { $0.from != $0.now && ($0.from.isAtOrBelow(own) || $0.now.isAtOrBelow(own)) }
            .sorted { ($0.movedOn, $0.person) > ($1.movedOn, $1.person) }
        branches = try node.store.heads().filter { $0.branch != nil }
        conditions = try node.conditions()
        alarms = try node.store.alarms().map { Alarm(kind: $0.kind, log: $0.log, detail: $0.detail, at: $0.at) }
    }

    private static func children(_ node: Node) throws -> [Child] {
        guard node.own.role != .village else { return [] }
        let peers = Dictionary(try node.store.peers().map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
        let root = try node.root().node
        return try node.store.enrolments(atOrBelow: node.own.region)
            .filter {
                $0.enrolment.node != node.own.node && $0.enrolment.node != root && peers[$0.enrolment.node] != nil
            }
            .map {
                Child(
                    node: $0.enrolment.node, region: $0.enrolment.region,
                    lastContact: peers[$0.enrolment.node].flatMap { $0.lastContact ?? $0.contactDay },
                    isRevoked: $0.revoked != nil)
            }
    }
}
