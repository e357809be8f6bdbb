import Event

/// Where a line stands: enough to find it here. `LineReference` adds the hash, for what is written into lines.
public struct RecordKey: Hashable, Sendable {
    public let log: LogName
    public let sequence: Int64

    public init(log: LogName, sequence: Int64) {
        self.log = log
        self.sequence = sequence
    }

    public init(_ reference: LineReference) {
        self.init(log: reference.log, sequence: reference.sequence)
    }
}

extension RecordKey: CustomStringConvertible {
    public var description: String { "\(log)#\(sequence)" }

    /// Reads `LOG#SEQUENCE`, with or without `~LEAFHASH`.
    public init?(_ text: String) {
        let parts = text.prefix { $0 != "~" }.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, let log = try? LogName(String(parts[0])), let sequence = Int64(parts[1]),
            sequence >= 0
        else { return nil }
        self.init(log: log, sequence: sequence)
    }
}
