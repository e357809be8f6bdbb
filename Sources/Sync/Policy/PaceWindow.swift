/// A limit that finds its level as TCP's window does: it doubles up to the threshold, which is where the last
/// cut left it, and goes on carefully from there. Doubling throughout would hit the same cut every second
/// time.
struct PaceWindow: Sendable, Equatable {
    private(set) var bytes: Int64
    private(set) var threshold: Int64
    private let range: ClosedRange<Int64>

    init(_ bytes: Int64, in range: ClosedRange<Int64>, threshold: Int64 = .max) {
        self.range = range
        self.bytes = min(max(bytes, range.lowerBound), range.upperBound)
        self.threshold = max(threshold, range.lowerBound)
    }

    mutating func shrink(to target: Int64) {
        bytes = min(max(target, range.lowerBound), range.upperBound)
        threshold = bytes
    }

    mutating func grow() {
        let next = bytes < threshold ? min(bytes * 2, threshold) : bytes + bytes / 8
        bytes = min(next, range.upperBound)
    }
}
