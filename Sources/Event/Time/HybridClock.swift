/// Gives each line a time that comes after every time its writer knew of, and that stays near the wall clock.
///
/// A node's own readings never go back, whatever its wall clock does. Readings of others are taken up only as far
/// as ten minutes ahead of the wall clock: one laptop in 2036 must not drag everyone along. Its lines are accepted
/// all the same; that they lie in the future shows in the reading itself.
public struct HybridClock: Hashable, Sendable {
    /// How far ahead of the wall clock a reading of another node may lie and still be taken up.
    public static let maximumLead: Int64 = 10 * 60 * 1000

    /// The last reading given or taken up.
    public private(set) var last: HybridTimestamp

    /// - Parameter last: the last reading of this node's own lines, so that a restart does not go back.
    public init(last: HybridTimestamp = .zero) {
        self.last = last
    }

    /// What became of another node's reading.
    public enum Merge: Hashable, Sendable {
        /// Later readings of this clock come after it.
        case taken
        /// It lies too far ahead of the wall clock, by so many milliseconds in all; this clock is unchanged.
        case tooFarAhead(milliseconds: Int64)
    }

    /// The reading for a line that is written now.
    /// - Parameter wall: the wall clock in milliseconds since 1970.
    public mutating func now(wall: Int64) -> HybridTimestamp {
        let reading = HybridTimestamp(milliseconds: wall, counter: 0)
        last = reading > last ? reading : last.successor
        return last
    }

    /// Takes up the reading of a line that arrived.
    /// - Parameter wall: the wall clock in milliseconds since 1970.
    @discardableResult
    public mutating func merge(remote: HybridTimestamp, wall: Int64) -> Merge {
        let wall = HybridTimestamp(milliseconds: wall, counter: 0).milliseconds
        let lead = remote.milliseconds - wall
        if lead > HybridClock.maximumLead { return .tooFarAhead(milliseconds: lead) }
        last = max(last, remote)
        return .taken
    }
}
