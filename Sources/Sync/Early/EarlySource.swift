import Event

/// One person, as far as an asking node may know of her ahead of the logs.
public struct EarlyPerson: Sendable {
    /// The keys under which the lines are.
    public var shares: [KeyShare]
    /// Those that say who she is first, then the newest.
    public var lines: [EarlyLine]

    public init(shares: [KeyShare], lines: [EarlyLine]) {
        self.shares = shares
        self.lines = lines
    }
}

/// What a session needs of whoever knows which persons are needed most: the engine itself knows no person.
public protocol EarlySource {
    /// Persons whom the child may read, the most needed first.
    ///
    /// - Parameters:
    ///   - lacking: of which logs the child lacks which lines; no others are given.
    ///   - ask: what it wants and has. Lines that it has are left out.
    ///   - bytes: of the records of all persons together, about; more are not made.
    func persons(
        for child: ServerSession.Child, lacking: [LogName: Range<Int64>], ask: EarlyAsk, bytes: Int
    ) throws -> [EarlyPerson]
}
