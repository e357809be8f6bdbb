/// How much is risked on a line at once. It shrinks when the line is cut, and grows while it holds.
///
/// Only whole frames survive a cut, so on a bad line a frame must be small enough to get through; on a good
/// one larger frames compress better and cost fewer commits.
public struct LinePace: Sendable, Equatable {
    private var frame: PaceWindow
    private var request: PaceWindow

    static let frameRange: ClosedRange<Int64> = 4 << 10...Int64(Limits.frameBytes)
    static let requestRange: ClosedRange<Int64> = 16 << 10...32 << 20
    /// A request that takes longer is not made larger: a proxy or an operator's patience may end it.
    static let comfortable = Duration.seconds(60)

    /// For a line about which nothing is known yet.
    public init(frameBytes: Int = 256 << 10, requestBytes: Int64 = 4 << 20) {
        frame = PaceWindow(Int64(frameBytes), in: LinePace.frameRange)
        request = PaceWindow(requestBytes, in: LinePace.requestRange)
    }

    /// Decoded bytes to aim at for one frame: a quarter of a request at most, so that a request that is cut
    /// leaves something behind.
    public var frameBytes: Int { Int(min(frame.bytes, request.bytes / 4)) }

    /// Decoded bytes of lines for one request.
    public var requestBytes: Int64 { request.bytes }

    /// The line broke, stalled, or could not carry the request.
    ///
    /// - Parameter kept: decoded bytes of this request that the receiver confirmed before. A line that broke
    ///   after that much will hardly carry more the next time.
    public mutating func wasCut(kept: Int64 = 0) {
        frame.shrink(to: Int64(frameBytes) / 2)
        request.shrink(to: min(request.bytes / 2, max(kept, 4 * frame.bytes)))
    }

    /// A request was answered whole.
    ///
    /// - Parameters:
    ///   - largestFrame: decoded bytes of the largest frame that went up or came down in it.
    ///   - carried: decoded bytes in all, the larger of up and down. A request with nothing to say proves
    ///     nothing: a limit grows only when at least half of it was used.
    ///   - took: from its start to its end.
    public mutating func succeeded(largestFrame: Int, carried: Int64, took: Duration) {
        guard took <= LinePace.comfortable else { return }
        let usedFrame = largestFrame >= frameBytes / 2
        if carried >= request.bytes / 2 { request.grow() }
        if usedFrame { frame.grow() }
    }
}

extension LinePace: Codable {
    private enum CodingKeys: String, CodingKey {
        case frameBytes, frameThreshold, requestBytes, requestThreshold
    }

    /// What was kept on disk is brought back within bounds.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        frame = PaceWindow(
            try values.decode(Int64.self, forKey: .frameBytes), in: LinePace.frameRange,
            threshold: try values.decode(Int64.self, forKey: .frameThreshold))
        request = PaceWindow(
            try values.decode(Int64.self, forKey: .requestBytes), in: LinePace.requestRange,
            threshold: try values.decode(Int64.self, forKey: .requestThreshold))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(frame.bytes, forKey: .frameBytes)
        try values.encode(frame.threshold, forKey: .frameThreshold)
        try values.encode(request.bytes, forKey: .requestBytes)
        try values.encode(request.threshold, forKey: .requestThreshold)
    }
}
