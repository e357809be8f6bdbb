import Event

/// Some sequences of one log, written as short as can be: `0-5,9,12-13`.
public struct SequenceRanges: Sendable, Hashable, CustomStringConvertible {
    /// Ascending, with a gap between each two.
    public private(set) var ranges: [ClosedRange<Int64>] = []

    public init() {}

    /// - Parameter sequences: ascending.
    public init(_ sequences: some Sequence<Int64>) { for sequence in sequences { append(sequence) } }

    /// Adds a sequence above all others.
    public mutating func append(_ sequence: Int64) {
        if let last = ranges.last, last.upperBound == sequence - 1 {
            ranges[ranges.count - 1] = last.lowerBound...sequence
        } else {
            ranges.append(sequence...sequence)
        }
    }

    public func contains(_ sequence: Int64) -> Bool {
        // The first that does not end below it.
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < sequence { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(sequence)
    }

    public var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    /// - Throws: `FrameError` unless written as `description` writes it, in at most `limit` ranges.
    public init(_ text: String, limit: Int) throws(FrameError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= limit else {
            throw FrameError(.tooLarge, "\(parts.count) ranges of sequences; at most \(limit)")
        }
        for part in parts {
            let ends = part.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
                .map { SequenceNumber.parse($0) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
                ends.count == 1 || first < last, last < Limits.logLines,
                ranges.last.map({ $0.upperBound + 1 < first }) ?? true
            else { throw FrameError(.malformed, "\(part) is no range of sequences behind those before it") }
            ranges.append(first...last)
        }
    }
}
