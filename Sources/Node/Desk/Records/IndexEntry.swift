import Event

/// What the index keeps of a line: enough to list and order, not its content.
public struct IndexEntry: Sendable {
    public let key: RecordKey
    /// The same with the line's hash, by which others refer to it.
    public let reference: LineReference
    public let type: String
    public let subject: String
    public let occurredAt: OccurredAt
    public let hybridTime: HybridTimestamp
    /// Milliseconds since 1970 at which it was recorded, by its author's clock.
    public let recorded: Int64
    public let region: RegionCode

    /// Order of meaning: when it happened, then when it was recorded, then where it stands.
    static func happenedBefore(_ left: IndexEntry, _ right: IndexEntry) -> Bool {
        if left.occurredAt.firstDate != right.occurredAt.firstDate {
            return left.occurredAt.firstDate < right.occurredAt.firstDate
        }
        if let left = left.occurredAt.milliseconds, let right = right.occurredAt.milliseconds, left != right {
            return left < right
        }
        return recordedBefore(left, right)
    }

    /// Order of knowledge: clock, log, sequence, as corrections are applied.
    static func recordedBefore(_ left: IndexEntry, _ right: IndexEntry) -> Bool {
        if left.hybridTime != right.hybridTime { return left.hybridTime < right.hybridTime }
        if left.key.log != right.key.log { return left.key.log < right.key.log }
        if left.key.sequence != right.key.sequence { return left.key.sequence < right.key.sequence }
        // Two histories of one log.
        return left.reference.leafHash.lexicographicallyPrecedes(right.reference.leafHash)
    }
}
