import Event
import TransparencyLog

/// Writes a bundle: the frames of a session, in a file that one carries.
///
/// Writing one is no delivery: nothing is noted of it, and only a receipt says that lines arrived.
public struct BundleWriter {
    /// One head's part: its lines from `from` on.
    public struct Part: Sendable {
        public let head: Head
        public let from: Int64
        /// The rows that tell that the recipient has the lines before; empty when it starts at 0.
        public let needs: [TableRow]

        public init(head: Head, from: Int64, needs: [TableRow]) {
            self.head = head
            self.from = from
            self.needs = needs
        }
    }

    /// What to write.
    public struct Plan: Sendable {
        public var holds: [TableRow]
        public var parts: [Part]
        public var receipts: [Receipt]
        public var shares: [KeyShare]

        public init(holds: [TableRow], parts: [Part], receipts: [Receipt] = [], shares: [KeyShare] = []) {
            self.holds = holds
            self.parts = parts
            self.receipts = receipts
            self.shares = shares
        }
    }

    public struct Tally: Sendable, Equatable {
        public var lines = 0
        public var logs = 0
        public var receipts = 0
        public var shares = 0
        public var bytes: Int64 = 0
        /// The size limit was reached before the lines were through: another bundle has to follow.
        public var isPart = false
    }

    private let store: any ExchangeStore
    private let header: BundleHeader
    private let sign: ([UInt8]) throws -> [UInt8]
    private let emit: ([UInt8]) throws -> Void
    private var digest = BundleDigest()
    private var tally = Tally()

    /// - Parameters:
    ///   - sign: Ed25519 by the maker's epoch key.
    ///   - emit: takes the bytes of the file in order.
    public init(
        store: any ExchangeStore, header: BundleHeader, sign: @escaping ([UInt8]) throws -> [UInt8],
        emit: @escaping ([UInt8]) throws -> Void
    ) {
        self.store = store
        self.header = header
        self.sign = sign
        self.emit = emit
    }

    /// - Parameter budget: decoded bytes of lines at most.
    public mutating func write(_ plan: Plan, budget: Int64) throws -> Tally {
        try write([header.json] + BundleRows.holds.records(plan.holds))
        let needs = Array(Set(plan.parts.flatMap(\.needs)))
        if !needs.isEmpty { try write(BundleRows.needs.records(needs)) }
        let brought = try writeLines(plan.parts, budget: budget)
        try write(BundleRows.brings.records(brought))
        try write(plan.receipts.map(\.json))
        try write(plan.shares.map(\.json))
        (tally.receipts, tally.shares) = (plan.receipts.count, plan.shares.count)
        let sum = digest.finished()
        let text = BundleSeal.text(node: header.node, epoch: header.epoch, frames: digest.frames, digest: sum)
        try write([BundleSeal(frames: digest.frames, digest: sum, signature: try sign(text)).json])
        return tally
    }

    /// - Returns: the heads up to which lines were written.
    private mutating func writeLines(_ parts: [Part], budget: Int64) throws -> [TableRow] {
        var queue = DownQueue(
            parts.map { DownQueue.Entry(head: $0.head, from: $0.from) }, budget: budget)
        var ends: [Head: Int64] = [:]
        while let frame = try queue.next(store) {
            try write(.lines(frame))
            if let head = queue.last { ends[head] = frame.end }
            tally.lines += frame.count
        }
        tally.logs = Set(ends.keys.map(\.log)).count
        tally.isPart = queue.isCutShort
        // A head that was reached whole; of others the frames themselves say how far they go.
        return parts.map(\.head).filter { ends[$0] == $0.size }.map(\.row)
    }

    private mutating func write(_ records: [JSON]) throws {
        for start in stride(from: 0, to: records.count, by: Limits.controlRecords) {
            try write(.control(Array(records[start..<min(start + Limits.controlRecords, records.count)])))
        }
    }

    private mutating func write(_ frame: Frame) throws {
        digest.add(frame.content)
        let bytes = try frame.encoded(level: 12)
        tally.bytes += Int64(bytes.count)
        try emit(bytes)
    }
}
