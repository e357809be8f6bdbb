/// Why a line is not counted. Its bytes are kept; it is looked at again when what it waits for comes.
public enum ParkReason: String, Sendable, Hashable, CaseIterable {
    /// Not a strict event line.
    case malformed
    /// It says that it stands in another log, or at another place.
    case wrongPlace = "wrong-place"
    /// A type that no installed schema declares.
    case unknownType = "unknown-type"
    /// A version of a type newer than the schemas installed here.
    case newerVersion = "newer-version"
    /// A value that its schema does not allow.
    case badValue = "bad-value"
    /// A correction or retraction of a line that has not arrived.
    case targetMissing = "target-missing"
    /// A correction or retraction that names the right place but another line's hash.
    case targetDiffers = "target-differs"
    /// A correction or retraction written for people who may not change its target.
    case notAllowed = "not-allowed"
    /// A correction whose result is not a valid record.
    case badPatch = "bad-patch"
    /// More corrections of one line than are kept apart.
    case tooManyVersions = "too-many-versions"
    /// Its author's key was revoked at a size that it lies beyond.
    case quarantined
}

/// A line that is not counted, with the reason.
public struct ParkedLine: Sendable, Hashable {
    public var log: String
    public var sequence: Int64
    public var cut: Int64
    /// As far as it could be read.
    public var type: String?
    public var reason: ParkReason
    public var detail: String
}

/// What became of a line, for its author's own eyes.
public enum LineOutcome: Sendable, Hashable {
    /// Not read yet.
    case waiting
    case counted
    /// Retracted by a line that counts.
    case retracted
    /// The same record as another one, which counts.
    case duplicate
    case parked(ParkReason, detail: String)
}

/// How far a log is counted: what a *counted* receipt says.
public struct CountedLog: Sendable, Hashable {
    public struct Exception: Sendable, Hashable {
        public var first: Int64
        public var last: Int64
        public var reason: ParkReason
    }
    /// Every line below this was looked at.
    public var size: Int64
    /// Runs of lines below `size` that do not count, in order.
    public var exceptions: [Exception]
}
