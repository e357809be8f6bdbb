import Event
import TransparencyLog

/// A run of event lines of one log under a checkpoint of its author.
///
/// The lines stay inside the decoded frame content: `line(at:)` gives slices, nothing is copied per line.
public struct LinesFrame: Sendable {
    public let log: LogName
    /// Sequence of the first line.
    public let from: Int64
    /// The decoded NDJSON content that holds the lines.
    public let content: [UInt8]
    /// Where each line stands in `content`, newline excluded.
    public let ranges: [Range<Int>]
    /// The author's checkpoint as a signed note. It covers at least `end` lines.
    public let note: String
    /// Consistency proof from `end` to the checkpoint's size; empty when they are equal.
    public let proof: [Hash]
    /// Set when the lines belong to a branch of the log (`protocol/02-log.md`).
    public let branch: BranchName?

    public var count: Int { ranges.count }
    /// Size of the log after this frame.
    public var end: Int64 { from + Int64(ranges.count) }
    /// Decoded bytes, header and trailer included.
    public var byteCount: Int { content.count }

    public init(
        log: LogName, from: Int64, content: [UInt8], ranges: [Range<Int>], note: String, proof: [Hash],
        branch: BranchName? = nil
    ) {
        self.log = log
        self.from = from
        self.content = content
        self.ranges = ranges
        self.note = note
        self.proof = proof
        self.branch = branch
    }

    public func line(at index: Int) -> ArraySlice<UInt8> { content[ranges[index]] }
}

/// Names a branch: where it leaves the log, and the hash of its first own line.
public struct BranchName: Hashable, Sendable {
    public let fork: Int64
    public let leaf: Hash

    public init(fork: Int64, leaf: Hash) {
        self.fork = fork
        self.leaf = leaf
    }
}

extension LinesFrame {
    /// Builds a frame's content from lines: header, the lines as they are, trailer.
    public init(
        log: LogName, from: Int64, lines: [[UInt8]], note: String, proof: [Hash] = [], branch: BranchName? = nil
    ) {
        var header: [JSONMember] = [
            JSONMember("frame", .string("lines")),
            JSONMember("log", .string(log.description)),
            JSONMember("from", .int(from)),
            JSONMember("count", .int(Int64(lines.count))),
        ]
        if let branch {
            header.append(
                JSONMember(
                    "branch",
                    .object([
                        JSONMember("fork", .int(branch.fork)), JSONMember("leaf", .string(branch.leaf.hex)),
                    ])))
        }
        var content = JSON.object(header).encoded()
        content.reserveCapacity(content.count + lines.reduce(1_024) { $0 + $1.count + 1 })
        content.append(UInt8(ascii: "\n"))
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(lines.count)
        for line in lines {
            ranges.append(content.count..<content.count + line.count)
            content.append(contentsOf: line)
            content.append(UInt8(ascii: "\n"))
        }
        var trailer = [JSONMember("checkpoint", .string(note))]
        if !proof.isEmpty { trailer.append(JSONMember("proof", .array(proof.map { .string($0.base64) }))) }
        content.append(contentsOf: JSON.object(trailer).encoded())
        content.append(UInt8(ascii: "\n"))
        self.init(
            log: log, from: from, content: content, ranges: ranges, note: note, proof: proof, branch: branch)
    }
}
