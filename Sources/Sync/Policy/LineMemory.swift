/// The pace learned for each line (a parent's address, for instance), kept between syncs. Losing it costs a
/// few cuts, nothing else.
public struct LineMemory: Sendable, Equatable, Codable {
    private struct Entry: Sendable, Equatable, Codable {
        var line: String
        var pace: LinePace
    }

    /// Lines remembered; a laptop meets few.
    public static let capacity = 32

    /// Oldest use first.
    private var entries: [Entry] = []

    public init() {}

    public var count: Int { entries.count }

    /// The pace for `line`; that of an unknown line before its first use.
    public subscript(line: String) -> LinePace {
        get { entries.first { $0.line == line }?.pace ?? LinePace() }
        set {
            entries.removeAll { $0.line == line }
            entries.append(Entry(line: line, pace: newValue))
            if entries.count > LineMemory.capacity {
                entries.removeFirst(entries.count - LineMemory.capacity)
            }
        }
    }
}
