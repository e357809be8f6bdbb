import Event

/// Something in a log that does not hold: where, and what.
public struct AuditFinding: Sendable, Hashable {
    public enum Fault: Sendable, Hashable {
        /// Sequences that should be there and are not.
        case missing(first: Int64, last: Int64)
        /// Lines beyond the size that the log claims.
        case surplus(first: Int64)
        /// The lines in `first...last` are not those under the author's checkpoint of `last + 1` lines; the
        /// checkpoint before them still fits.
        case changed(first: Int64, last: Int64)
        /// The stored root or edge is not that of the lines.
        case rootDiffers
        /// No enrolment says whose key signs this log.
        case unknownAuthor
        /// The checkpoint of so many lines is not signed by the author's key, or cannot be read.
        case badCheckpoint(size: Int64)
        /// The newest checkpoint does not follow from the lines.
        case notConsistent(size: Int64)
        /// A receipt that its holder did not sign, or that is about other lines.
        case badReceipt(holder: String, kind: String)
        /// Lines that this node's intake log does not name, or names twice.
        case notInIntake(from: Int64)
    }

    /// The log's name as stored.
    public let log: String
    public let fault: Fault
}

/// What an audit looked at, and what it found.
public struct AuditReport: Sendable {
    public var logs = 0
    public var lines: Int64 = 0
    public var checkpoints = 0
    public var receipts = 0
    public var findings: [AuditFinding] = []
    /// What SQLite says about the file itself; empty when it is sound.
    public var damage: [String] = []

    public var isSound: Bool { findings.isEmpty && damage.isEmpty }
}
