import Event
import Node
import Store

/// A record named on the command line: `LOG#SEQUENCE~HASH`, or `LOG#SEQUENCE`, which is of the history met first.
struct RecordPlace {
    let log: LogName
    let sequence: Int64
    let leafHash: [UInt8]?

    /// - Parameter instead: what else the command takes, for its advice.
    init(_ text: String, instead: String = "") throws {
        if text.contains("~") {
            let reference = try LineReference(text)
            (log, sequence, leafHash) = (reference.log, reference.sequence, reference.leafHash)
            return
        }
        let parts = text.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let sequence = SequenceNumber.parse(parts[1].utf8) else {
            throw NodeError(
                .badInput, "“\(text)” names no record",
                advice: "write LOG#SEQUENCE, e.g. as `simpul record` printed it\(instead)")
        }
        (log, self.sequence, leafHash) = (try LogName(parts[0]), sequence, nil)
    }

    /// With the hash of the line that stands there, where none was given.
    func reference(_ node: Node) throws -> LineReference {
        if let leafHash { return try LineReference(log: log, sequence: sequence, leafHash: leafHash) }
        guard let bytes = try node.store.line(log, sequence) else {
            throw NodeError(.badInput, "\(log)#\(sequence) is not here", advice: "`simpul log show` lists records")
        }
        return try LineReference(log: log, sequence: sequence, leafHash: LogStore.leafHash(of: bytes))
    }
}
