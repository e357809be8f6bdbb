import Event

/// Who may correct or take back what: one rule for counting, for reading and for consent.
public enum AmendmentRule {
    /// Who wrote for a place may be corrected by that place and by those around it, never by a neighbour. What never
    /// leaves a node is corrected there.
    public static func mayAmend(_ amending: LogName, _ target: LogName) -> Bool {
        // Who read what is never taken back or told otherwise, by whomever.
        guard target.lane != .audit else { return false }
        guard let region = target.audience.region else {
            return amending.audience == .local && amending.node == target.node
        }
        return amending.audience.region.map { $0.isAtOrAbove(region) } ?? false
    }
}
