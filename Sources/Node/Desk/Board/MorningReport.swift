import Event
import ReadModels
import Store

/// What a hub's officer looks at first in the morning: who is silent, failed, stuck; what is urgent is on the board.
public struct MorningReport: Sendable {
    public struct Silent: Sendable {
        public let node: String
        public let region: String
        /// Nil: never.
        public let lastContact: String?
        public let days: Int?
    }

    public struct Failure: Sendable {
        public let log: String
        public let code: String
        public let detail: String
        public let at: String
    }

    public let silent: [Silent]
    /// Nodes enrolled below and not revoked.
    public let enrolled: Int
    public let refusals: [Failure]
    public let stuck: [ParkedLine]
    /// How this node itself stands with the one above.
    public let upwards: SyncState
}

extension Desk {
    /// Days without contact from which a village is called silent: its laptop syncs nightly, once may fail.
    private static let silentDays: Int64 = 2

    public func morningReport(for reader: Reader) throws -> MorningReport {
        let health = try ModelRows(
            "sync_health", of: node, filters: [Filter("revoked_on", .equal, nil)], limit: 5_000, reader: reader,
            today: localDay
        ).rows.filter { $0.text("node") != node.own.node.description }
        let below = try health.filter { row in
            guard let region = row.text("region") else { return false }
            let code = try RegionCode(region)
            return code.isAtOrBelow(node.own.region) && code != node.own.region
        }
        let silent = below.filter { ($0.number("silent_days") ?? .max) >= Self.silentDays }.map { row in
            MorningReport.Silent(
                node: row.text("node") ?? "", region: row.text("region") ?? "", lastContact: row.text("last_contact"),
                days: row.number("silent_days").map(Int.init))
        }
        return MorningReport(
            silent: silent.sorted { ($0.days ?? .max, $0.node) > ($1.days ?? .max, $1.node) }, enrolled: below.count,
            refusals: try node.store.refusals().map {
                .init(log: $0.log.description, code: $0.code, detail: $0.detail, at: $0.at)
            },
            stuck: try node.modelReader.parked(limit: 100), upwards: try syncState())
    }
}
