import Event
import Sync
import TransparencyLog

/// Where a line stands: enough to find it here. `LineReference` adds the hash, for what is written into lines.
public struct RecordKey: Hashable, Sendable {
    public let log: LogName
    public let sequence: Int64
    /// The history of the log that the line is of; nil for the one that this node met first.
    public let branch: BranchName?

    public init(log: LogName, sequence: Int64, branch: BranchName? = nil) {
        self.log = log
        self.sequence = sequence
        self.branch = branch
    }

    /// Of a line that this node wrote.
    public init(_ reference: LineReference) {
        self.init(log: reference.log, sequence: reference.sequence)
    }

    public var head: HeadName { HeadName(log: log, branch: branch) }
}

extension RecordKey: CustomStringConvertible {
    public var description: String { "\(log)#\(place)" }

    /// The sequence, with `@FORK.LEAFHASH` behind it for a line of another history.
    public var place: String { "\(sequence)" + (branch.map { "@\($0.fork).\($0.leaf.hex)" } ?? "") }

    /// Reads `LOG#SEQUENCE`, with or without `~LEAFHASH`, or what `description` gives.
    public init?(_ text: String) {
        let parts = text.prefix { $0 != "~" }.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, let log = try? LogName(String(parts[0])) else { return nil }
        let place = parts[1].split(separator: "@", omittingEmptySubsequences: false)
        guard let sequence = Int64(place[0]), sequence >= 0, place.count <= 2 else { return nil }
        var branch: BranchName?
        if place.count == 2 {
            let name = place[1].split(separator: ".", omittingEmptySubsequences: false)
            guard name.count == 2, let fork = Int64(name[0]), fork >= 0, let leaf = Hash(hex: String(name[1])) else {
                return nil
            }
            branch = BranchName(fork: fork, leaf: leaf)
        }
        self.init(log: log, sequence: sequence, branch: branch)
    }
}
