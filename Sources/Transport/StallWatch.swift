/// Tells a slow line from a dead one: dead is when fewer than `bytes` pass in a whole span of `span`.
///
/// A peer that trickles one byte a minute keeps a plain idle timer happy for ever.
struct StallWatch {
    let span: Duration
    let bytes: Int64
    private var since: ContinuousClock.Instant
    private var seen: Int64

    init(span: Duration, bytes: Int64, now: ContinuousClock.Instant, total: Int64 = 0) {
        self.span = span
        self.bytes = bytes
        since = now
        seen = total
    }

    /// When the span that is running ends.
    var expires: ContinuousClock.Instant { since.advanced(by: span) }

    /// Takes the bytes passed so far; true if the line is dead.
    mutating func isStalled(total: Int64, now: ContinuousClock.Instant) -> Bool {
        if total - seen >= max(bytes, 1) {
            since = now
            seen = total
            return false
        }
        return now >= expires
    }
}
