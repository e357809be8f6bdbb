import Event

/// The limits of the protocol (`protocol/07-errors-and-limits.md`), checked before memory is spent.
public enum Limits {
    /// Bytes of one event line, without its newline.
    public static let lineBytes = 65_536
    /// Lines of one lines frame.
    public static let frameLines = 4_096
    /// Decoded bytes of a frame with more than one line.
    public static let frameBytes = 1 << 20
    /// Decoded bytes at which decoding stops, whatever the frame claims: a frame of one longest line with its
    /// header and trailer, or a full frame, fits well below.
    public static let decodedBytes = (2 << 20) + 131_072
    /// Largest zstd window accepted, as a power of two.
    public static let windowLog: Int32 = 23
    /// Lines a log can have: 2^40.
    public static let logLines: Int64 = 1 << 40
    /// Rows of a hello or state.
    public static let rows = 8_192
    /// Bytes of a person key wrapped for one node.
    public static let shareBytes = 80
    /// Control records of one control frame.
    public static let controlRecords = 1_024
    /// Frames of one request. With `frameBytes` it bounds what one request can make a server do.
    public static let requestFrames = 16_384
    /// Lines frames sent in one body at most: each may be answered by a frame of its own, and there is room for
    /// what else an answer holds.
    static let sentFrames = 8_000
    /// Decoded bytes of lines that a server sends in one answer at most, whatever the client asks for.
    static let answerBytes: Int64 = 128 << 20
    /// Compressed bytes of one request body.
    public static let requestBytes = 64 << 20
    /// Logs that a hello may ask to be spared.
    public static let skippedLogs = 1_024
    /// Lines of descent of one log. Rows of each are what every later session pays for.
    public static let branches = 256
    /// Rows of a probe: prefixes by which two parties find where their histories of a log part.
    public static let probeRows = 2_048
    /// Lines that a child must lack before any are sent ahead of their logs: fewer come soon enough by themselves.
    public static let earlyBehind: Int64 = 256
    /// Bytes of early lines and their keys in one answer at most.
    public static let earlyBytes = 512 << 10
    /// Decoded bytes of a frame of control records down: on a line that is cut often, what a cut costs.
    static let controlFrameBytes = 32 << 10
    /// Logs, and ranges of sequences of one, in what a hello says to have early.
    public static let earlyLogs = 256
    public static let earlyRanges = 4_096
    /// Lanes that one epoch of a node may keep for one audience.
    public static let lanes = 8
}

extension JSONLimits {
    /// A record of a frame: strict as an event line, as long as a frame may be.
    static let record = JSONLimits(maximumBytes: Limits.decodedBytes, maximumDepth: 16, allowsNewlines: false)
}
