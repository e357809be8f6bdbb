/// Why bytes were not taken as a frame. The code is the protocol's (`protocol/07-errors-and-limits.md`).
public struct FrameError: Error, Sendable, Equatable, CustomStringConvertible {
    public let code: RefusalCode
    /// What is wrong and where, in a sentence.
    public let detail: String

    public init(_ code: RefusalCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(code.rawValue): \(detail)" }
}

/// Codes a receiver gives for a frame it did not take. The sender keeps its copy in every case.
public enum RefusalCode: String, Sendable, CaseIterable {
    /// The bytes are not a frame, or its parts disagree.
    case malformed
    /// A line, frame or request is over its limit.
    case tooLarge = "too-large"
    /// The compressed bytes expand past the limit.
    case expandsTooFar = "expands-too-far"
    /// No enrolment known here names this author and epoch; send the enrolling log first, then again.
    case unknownAuthor = "unknown-author"
    /// The log's audience is outside the author's region, or outside what this peer may exchange.
    case outOfScope = "out-of-scope"
    /// The trailer is not a checkpoint of this log covering the frame.
    case badCheckpoint = "bad-checkpoint"
    /// The checkpoint's signature does not verify under the author's key.
    case badSignature = "bad-signature"
    /// The lines do not give the root that the author signed.
    case rootMismatch = "root-mismatch"
    /// The frame starts past what the receiver holds; resume from its statement.
    case gap
    /// The receiver's disk is full; nothing was taken.
    case diskFull = "disk-full"
    /// A receipt of another form. Never said over the wire.
    case badReceipt = "bad-receipt"

    /// Whether sending the same frame again later, unchanged, can succeed.
    public var isWorthRetrying: Bool {
        switch self {
        case .unknownAuthor, .gap, .diskFull: true
        case .malformed, .tooLarge, .expandsTooFar, .outOfScope, .badCheckpoint, .badSignature, .rootMismatch,
            .badReceipt:
            false
        }
    }
}
