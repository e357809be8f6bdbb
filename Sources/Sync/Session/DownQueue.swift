import Event

/// Lines frames still to be sent, log after log, made one at a time so that memory holds one frame.
struct DownQueue {
    private var rows: [(log: LogName, from: Int64, size: Int64)]
    private var index = 0
    private var budget: Int64
    private let frameBytes: Int
    private var framesLeft = Limits.sentFrames
    /// Whether the budget ran out before the lines did.
    private(set) var isCutShort = false
    /// Lines of all rows at the start.
    let lines: Int

    var isEmpty: Bool { index >= rows.count }

    /// - Parameter budget: decoded bytes of lines to send at most; at least one frame is always sent.
    init(rows: [(log: LogName, from: Int64, size: Int64)], budget: Int64, frameBytes: Int = Limits.frameBytes) {
        self.rows = rows
        lines = rows.reduce(0) { $0 + Int($1.size - $1.from) }
        self.budget = max(budget, 1)
        self.frameBytes = min(frameBytes, Limits.frameBytes)
    }

    mutating func next(_ store: any ExchangeStore) throws -> LinesFrame? {
        while index < rows.count {
            guard budget > 0, framesLeft > 0 else {
                isCutShort = true
                return nil
            }
            let row = rows[index]
            let limit = Int(min(Int64(frameBytes), max(budget, 4_096)))
            guard row.from < row.size, let frame = try store.frame(row.log, from: row.from, maxBytes: limit) else {
                index += 1
                continue
            }
            rows[index].from = frame.end
            budget -= Int64(frame.byteCount)
            framesLeft -= 1
            return frame
        }
        return nil
    }

    /// Sends no more of a log: what follows a refused frame would only be refused too.
    mutating func drop(_ log: LogName) {
        for place in rows.indices where rows[place].log == log { rows[place].from = rows[place].size }
    }
}
