/// How long to wait before trying again: exponential, with full jitter.
///
/// After a power cut a whole regency's laptops come back in the same second. Waiting a random part of a
/// growing span spreads them best over it.
public struct BackOff: Sendable, Equatable {
    /// The span after the first failure; it doubles with each further one.
    public var base: Duration
    /// The span never grows beyond this.
    public var cap: Duration
    /// A wait is never shorter than this.
    public var floor: Duration

    public init(
        base: Duration = .seconds(2), cap: Duration = .seconds(15 * 60), floor: Duration = .seconds(1)
    ) {
        self.base = base
        self.cap = cap
        self.floor = floor
    }

    /// The wait after `failures` failures in a row.
    ///
    /// - Parameters:
    ///   - retryAfter: what the server asked for. It is a minimum: the random part comes on top, or everyone
    ///     whom a
    ///     busy server sent away would be back at once.
    ///   - generator: the only source of chance.
    public func delay(
        failures: Int, retryAfter: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let random = span(failures: failures) * Chance.fraction(&generator)
        guard let retryAfter else { return max(floor, random) }
        return max(floor, max(retryAfter, .zero) + random)
    }

    /// What the wait is a random part of.
    func span(failures: Int) -> Duration {
        var span = min(base, cap)
        for _ in 1..<max(failures, 1) where span < cap { span = min(span * 2, cap) }
        return span
    }
}
