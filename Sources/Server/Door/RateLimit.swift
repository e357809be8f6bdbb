import Foundation
import Synchronization

/// How often each source may do something: a bucket of tokens each, which fills again at an even pace.
final class RateLimit: Sendable {
    struct Pace: Sendable {
        /// At once, after a rest.
        var burst: Double
        /// Then so many a second.
        var perSecond: Double
    }

    private struct Bucket {
        var tokens: Double
        var at: Double
    }

    /// Sources remembered at most: a bound on memory. Beyond it, whoever is not known yet shares one bucket.
    static let capacity = 10_000

    private let pace: Pace
    private let now: @Sendable () -> Double
    private let buckets = Mutex<[RequestSource: Bucket]>([:])

    /// - Parameter now: seconds, of a clock that only goes forward.
    init(_ pace: Pace, now: @escaping @Sendable () -> Double = monotonicSeconds) {
        self.pace = pace
        self.now = now
    }

    /// Takes a token.
    ///
    /// - Returns: nil when there was one, else the seconds until there is.
    func take(_ source: RequestSource) -> Int? {
        let moment = now()
        return buckets.withLock { buckets in
            if buckets[source] == nil, buckets.count >= Self.capacity {
                buckets = buckets.filter { filled($0.value, moment) < pace.burst }
            }
            let source = buckets[source] == nil && buckets.count >= Self.capacity ? RequestSource("others") : source
            let tokens = buckets[source].map { filled($0, moment) } ?? pace.burst
            guard tokens >= 1 else {
                buckets[source] = Bucket(tokens: tokens, at: moment)
                return max(1, Int(((1 - tokens) / pace.perSecond).rounded(.up)))
            }
            buckets[source] = Bucket(tokens: tokens - 1, at: moment)
            return nil
        }
    }

    private func filled(_ bucket: Bucket, _ moment: Double) -> Double {
        min(pace.burst, bucket.tokens + (moment - bucket.at) * pace.perSecond)
    }
}

/// Seconds since some moment before the program started; changing the wall clock does not change them.
@Sendable func monotonicSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
