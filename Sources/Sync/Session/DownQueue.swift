import Event
import TransparencyLog

/// Lines frames still to be sent, log after log, made one at a time so that memory holds one frame.
struct DownQueue {
    /// The lines of one head from `from` on.
    struct Entry {
        let head: Head
        var from: Int64

        /// The line of descent met first before its branches, and each before those that fork from it: a receiver
        /// has to hold the lines before a fork.
        static func precedes(_ a: Entry, _ b: Entry) -> Bool {
            if a.head.log != b.head.log { return LogOrder.precedes(a.head.log, b.head.log) }
            guard let first = a.head.branch else { return b.head.branch != nil }
            guard let second = b.head.branch else { return false }
            return (first.fork, first.leaf.hex) < (second.fork, second.leaf.hex)
        }
    }

    private var entries: [Entry]
    private var index = 0
    private var budget: Int64
    private let frameBytes: Int
    private var framesLeft = Limits.sentFrames
    /// Whether the budget ran out before the lines did.
    private(set) var isCutShort = false
    /// What the frame given last is of.
    private(set) var last: Head?
    /// Lines of all entries, those put in later included.
    private(set) var lines: Int
    /// Logs of which nothing more is sent in this request.
    private var dropped: Set<LogName> = []

    var isEmpty: Bool { index >= entries.count }

    /// - Parameter budget: decoded bytes of lines to send at most; at least one frame is always sent.
    init(_ entries: [Entry], budget: Int64, frameBytes: Int = Limits.frameBytes) {
        self.entries = entries.filter { $0.from < $0.head.size }.sorted(by: Entry.precedes)
        lines = self.entries.reduce(0) { $0 + Int($1.head.size - $1.from) }
        self.budget = max(budget, 1)
        self.frameBytes = min(frameBytes, Limits.frameBytes)
    }

    mutating func next(_ store: any ExchangeStore) throws -> LinesFrame? {
        while index < entries.count {
            guard budget > 0, framesLeft > 0 else {
                isCutShort = true
                return nil
            }
            let entry = entries[index]
            let limit = Int(min(Int64(frameBytes), max(budget, 4_096)))
            guard entry.from < entry.head.size,
                let frame = try store.frame(
                    entry.head.log, branch: entry.head.branch, from: entry.from, maxBytes: limit)
            else {
                index += 1
                continue
            }
            entries[index].from = frame.end
            budget -= Int64(frame.byteCount)
            framesLeft -= 1
            last = entry.head
            return frame
        }
        return nil
    }

    /// Takes up heads that grew after the request began, at their place in the order of logs: an urgent line goes before
    /// all that is not sent yet, but not before the lines that say who its author is.
    mutating func take(_ grown: [Entry]) {
        for var entry in grown where !dropped.contains(entry.head.log) {
            if let old = entries.firstIndex(where: { $0.head.name == entry.head.name }) {
                entry.from = entries[old].from
                lines -= Int(entries[old].head.size - entry.from)
                entries.remove(at: old)
                if old < index { index -= 1 }
            }
            lines += Int(entry.head.size - entry.from)
            let place = entries[index...].firstIndex { Entry.precedes(entry, $0) } ?? entries.endIndex
            entries.insert(entry, at: place)
        }
    }

    /// Sends no more of a log: what follows a refused frame would only be refused too.
    mutating func drop(_ log: LogName) {
        dropped.insert(log)
        for place in entries.indices where entries[place].head.log == log {
            entries[place].from = entries[place].head.size
        }
    }
}
