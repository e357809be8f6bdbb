import Event

/// A run of lines as this node accepted it: consecutive lines of one log, under one line of the intake log.
public struct IntakeRun: Sendable {
    /// The smallest cut that covers this run: the size of the intake log once the run was in it.
    public let cut: Int64
    public let log: LogName
    /// Which history of the log (`protocol/02-log.md`, "Branches"): `FORK:LEAFHASH`, or empty for the one that this
    /// node met first.
    public let history: String
    /// Sequence of the first line.
    public let first: Int64
    /// The exact bytes of each line, without newline.
    public let lines: [[UInt8]]

    public init(cut: Int64, log: LogName, history: String = "", first: Int64, lines: [[UInt8]]) {
        self.cut = cut
        self.log = log
        self.history = history
        self.first = first
        self.lines = lines
    }
}

/// What the read models need of the store: the intake log, and the lines that it names.
///
/// A *cut* is a size of the intake log. Cut `c` covers the runs that the first `c` lines of the intake log name, so
/// the whole of what was known at a moment has one number.
public protocol IntakeReader: Sendable {
    /// The newest cut.
    var intakeSize: Int64 { get throws }

    /// The runs after a cut, oldest first: as many whole runs as together hold `limit` lines, at least one where
    /// there is any; empty where `cut` is the newest.
    func runs(from cut: Int64, limit: Int) throws -> [IntakeRun]

    /// One line of the history met first, or nil where this node does not hold it.
    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]?

    /// One line of a history of a log.
    func line(_ log: LogName, history: String, _ sequence: Int64) throws -> [UInt8]?

    /// Who writes a log, as enrolled; nil where this node knows no such enrolment, and so holds no line of it.
    func author(of log: LogName) throws -> LogAuthor?
}

extension IntakeReader {
    public func line(_ log: LogName, history: String, _ sequence: Int64) throws -> [UInt8]? {
        history.isEmpty ? try line(log, sequence) : nil
    }
}

/// What counting needs to know of a log's author.
public struct LogAuthor: Sendable, Hashable {
    /// The region it is enrolled for.
    public let region: RegionCode
    /// A hub or centre: it may revoke nodes below its region.
    public let mayRevoke: Bool

    public init(region: RegionCode, mayRevoke: Bool) {
        self.region = region
        self.mayRevoke = mayRevoke
    }
}
