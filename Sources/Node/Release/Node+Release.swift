import Event
import Foundation
import ReadModels
import Store

/// What a release of statistics came to.
public struct StatisticsRelease: Sendable {
    /// Cells whose released count changed.
    public let cells: Int
    /// Persons that are newly counted, and no longer counted.
    public let added: Int64
    public let removed: Int64
    /// The cut that it was computed at.
    public let cut: Int64
}

extension Node {
    /// Changes of one line, well below the size of a line.
    private static let changesOfLine = 200

    /// Releases statistics: groups of at least five persons begin to count for everyone.
    ///
    /// What is shown, and the remainders that the next release goes on from, are lines of one transaction.
    public func releaseStatistics(actor: String, role: String) throws -> StatisticsRelease {
        guard own.role == .centre else {
            throw NodeError(.badInput, "statistics are released at the centre", advice: "ask there")
        }
        // Two releases at once would count the same persons twice.
        let lock = try FileLock(path: folder.path + "/release.lock")
        defer { lock.release() }
        try projectWhole()
        let reader = try modelReader
        let (cut, plan) = (try reader.cut, try reader.releasePlan())
        let released = plan.changes.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map {
            JSON.object(Self.members($0.key) + [JSONMember("persons", .int($0.value))])
        }
        let pooled = plan.poolings.filter { $0.value != 0 }
            .sorted { ($0.key.cell, $0.key.into) < ($1.key.cell, $1.key.into) }.map {
                JSON.object(
                    Self.members($0.key.cell) + [
                        JSONMember("into_place", .string($0.key.into.place.description)),
                        JSONMember("into_category", .string($0.key.into.category)),
                        JSONMember("persons", .int($0.value)),
                    ])
            }
        let drafts =
            Self.chunks(pooled).map { Draft(type: "statistics.pooled", data: $0, actor: actor, role: role) }
            + Self.chunks(released).map { data in
                Draft(
                    type: "statistics.released", data: data.setting("cut", to: .int(cut)), actor: actor, role: role)
            }
        if !drafts.isEmpty { try recorder.record(drafts) }
        try projectWhole()
        return StatisticsRelease(
            cells: released.count, added: plan.changes.values.reduce(0) { $0 + max(0, $1) },
            removed: plan.changes.values.reduce(0) { $0 - min(0, $1) }, cut: cut)
    }

    /// Takes the read models up to all that is stored, or waits until the process that keeps them has: a release must
    /// know of every line before it, and what follows must know of the release.
    func projectWhole() throws {
        let wanted = try store.intakeSize()
        let end = ContinuousClock.now.advanced(by: .seconds(60))
        try project()
        while try modelReader.cut < wanted {
            guard ContinuousClock.now < end else {
                throw NodeError(
                    .unreachable, "the process that keeps the read models does not take in new lines",
                    advice: "look into its log, or stop it and try again")
            }
            usleep(10_000)
            try project()
        }
    }

    private static func members(_ cell: StatisticsCell) -> [JSONMember] {
        [
            JSONMember("series", .string(cell.series)), JSONMember("period", .string(cell.period)),
            JSONMember("place", .string(cell.place.description)), JSONMember("category", .string(cell.category)),
        ]
    }

    private static func chunks(_ changes: [JSON]) -> [JSON] {
        stride(from: 0, to: changes.count, by: changesOfLine).map { start in
            .object([JSONMember("changes", .array(Array(changes[start..<min(start + changesOfLine, changes.count)])))])
        }
    }
}
