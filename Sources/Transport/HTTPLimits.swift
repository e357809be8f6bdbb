/// What one request may cost before it is given up. All of them are enforced while it runs.
public struct HTTPLimits: Sendable, Equatable {
    /// From the start until connected, TLS included.
    public var connect: Duration
    /// The line counts as dead when fewer than `stallBytes` passed, up and down together, in a
    /// whole span of `stall`.
    public var stall: Duration
    public var stallBytes: Int64
    /// From the start to the last byte, however busy the line is.
    public var deadline: Duration
    /// Bytes of the answer's header, and its lines.
    public var headerBytes: Int
    public var headerLines: Int
    /// Bytes of the answer's body.
    public var bodyBytes: Int64
    /// Bytes of an answer of refusal (status 400 and above) that are kept for the caller to read.
    public var refusalBytes: Int

    public init(
        connect: Duration = .seconds(20),
        stall: Duration = .seconds(60), stallBytes: Int64 = 64,
        deadline: Duration = .seconds(15 * 60),
        headerBytes: Int = 32 << 10, headerLines: Int = 100,
        bodyBytes: Int64 = 64 << 20, refusalBytes: Int = 64 << 10
    ) {
        self.connect = connect
        self.stall = stall
        self.stallBytes = stallBytes
        self.deadline = deadline
        self.headerBytes = headerBytes
        self.headerLines = headerLines
        self.bodyBytes = bodyBytes
        self.refusalBytes = refusalBytes
    }

    /// For short questions and answers: a minute, one mebibyte.
    public static let small = HTTPLimits(
        stall: .seconds(20), deadline: .seconds(60), bodyBytes: 1 << 20)
}
