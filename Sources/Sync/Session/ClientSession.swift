import Event

/// The client's side of a sync with its parent: one or more requests until both hold the same.
///
/// Per request: `begin` gives the hello, `nextUp` the frames to send, `receive` takes what comes back, `finish`
/// says whether to go on. The receiver's own statement decides where to resume: sizes are guessed only from the
/// last agreement, and never after a request that got no whole answer.
public final class ClientSession {
    /// What is kept between syncs. Losing it costs a request, nothing else.
    public struct Memory: Sendable, Equatable {
        public var mark: String
        public var agreed: Int64
        public var unanswered: Bool

        public init(mark: String = "", agreed: Int64 = 0, unanswered: Bool = false) {
            self.mark = mark
            self.agreed = agreed
            self.unanswered = unanswered
        }
    }

    private let store: any ExchangeStore
    private let node: NodeName
    private let epoch: Epoch
    private let region: RegionCode
    private let parent: NodeName
    private let parentRegion: RegionCode
    public private(set) var memory: Memory
    public private(set) var tally = Tally()
    /// Lines frames and receipts not taken, by either side, newest per log.
    public private(set) var refusals: [LogName: RefusedRecord] = [:]
    /// Why the parent broke off the last request, when it said so.
    public private(set) var brokenOff: RefusedRecord?
    /// Whether the last request brought lines, receipts or keys that are new, to either side.
    public private(set) var moved = false
    /// Whether another request can bring more than this one did.
    private var progressed = false

    /// What the server stated to hold during this sync; an empty list where it holds nothing of a log.
    private var serverRows: [LogName: [TableRow]] = [:]
    /// Whether the server has stated where it stands since the last unanswered request.
    private var isStated = false
    private var mustSendAllRows = false
    private var helloHeads: [Head] = []
    private var helloTable = ""
    /// The store's change counter when the request began.
    private var helloCounter: Int64 = 0
    private var gapsLeft = 3
    private var mustSendAllKeys = false
    private var up: DownQueue?
    private var end: EndRecord?
    /// Logs that are not sent any more in this sync, as the parent refused their frames for good.
    private var barred: Set<LogName> = []
    /// Logs of which the server holds something that is not here, so that nothing tells where to send from: the next
    /// request asks.
    private var unclear: Set<LogName> = []
    /// Logs that were asked about in this sync.
    private var probed: Set<LogName> = []
    /// Logs of which this node cannot take what comes: asking for them again would only starve the others.
    private var unwanted: Set<LogName> = []
    private var askedForAll = false
    private var asking = false
    /// Decoded bytes of lines per request and per frame, adapted to the line by the caller.
    public var requestBytes: Int64
    /// Bytes of lines wanted ahead of their logs until both hold the same; 0: none are asked for.
    public var earlyBytes: Int64 {
        get { early.bytes }
        set { early.bytes = newValue }
    }
    private var early: EarlyTaking
    /// Lines that the parent says this node lacks; nil where it does not say.
    public private(set) var behind: Int64?
    /// Told to the parent's operator; see `Hello.machine`.
    public var machine: String?
    public var frameBytes: Int

    public init(
        store: any ExchangeStore, node: NodeName, epoch: Epoch, region: RegionCode, parent: NodeName,
        parentRegion: RegionCode, memory: Memory, requestBytes: Int64 = 32 << 20, frameBytes: Int = Limits.frameBytes
    ) {
        self.store = store
        early = EarlyTaking(store: store, region: region, parent: parent)
        self.node = node
        self.epoch = epoch
        self.region = region
        self.parent = parent
        self.parentRegion = parentRegion
        self.memory = memory
        self.requestBytes = requestBytes
        self.frameBytes = frameBytes
    }

    // MARK: - A request

    /// Starts a request: its first frame, whose decoded bytes the request's signature covers.
    public func begin() throws -> Frame {
        let full = memory.mark.isEmpty || mustSendAllRows
        helloHeads = try store.table(scope: region, changedSince: full ? nil : memory.agreed)
        (helloTable, helloCounter) = try store.digest(scope: region)
        let probe = try probeRows()
        // Asked first: lines sent before the answer could be all there already.
        asking = !isStated && (memory.unanswered || full) || !probe.isEmpty
        end = nil
        brokenOff = nil
        progressed = false
        moved = false
        tally.requests += 1
        up = DownQueue(asking ? [] : try entriesToSend(), budget: requestBytes, frameBytes: frameBytes)
        let hello = Hello(
            node: node, epoch: epoch, region: region, table: helloTable, mark: full ? "" : memory.mark,
            rows: helloHeads.map(\.row), full: full, ask: asking,
            receipts: TableDigest.of(
                try store.receipts(atOrBelow: region, changedSince: nil).filter { $0.holder != node }),
            keys: TableDigest.of(try store.keyShares(scope: region, parent: parentRegion, changedSince: nil)),
            max: requestBytes, skip: Array(unwanted.sorted().prefix(Limits.skippedLogs)), probe: probe,
            machine: machine,
            early: try early.ask())
        try queueShares(full: full)
        return .control([hello.json])
    }

    /// Shares not yet sent, and those sent in this request.
    private var shares: ArraySlice<KeyShare> = []
    private var sentShares: [KeyShare] = []
    /// Shares whose request was answered to its end: they are at the parent.
    private var arrivedShares: Set<KeyShare> = []
    private var shareBudget: Int64 = 0
    /// Where among the shares to begin. A caller that varies it gets them all through a line that breaks again and
    /// again, since no receipt tells which of them arrived before the break.
    public var firstShare = 0

    /// One that only asks is kept as small as can be: it must get through before anything else can.
    private func queueShares(full: Bool) throws {
        if mustSendAllKeys { arrivedShares = [] }
        sentShares = []
        shareBudget = requestBytes
        let changed = try store.keyShares(
            scope: region, parent: parentRegion, changedSince: full || mustSendAllKeys ? nil : memory.agreed)
        mustSendAllKeys = false
        // Those of wider regions came from above.
        let waiting = asking ? [] : changed.filter { $0.region.isAtOrBelow(region) && !arrivedShares.contains($0) }
        let start = waiting.isEmpty ? 0 : firstShare % waiting.count
        shares = waiting[start...] + waiting[..<start]
    }

    /// Whether the request has more than its hello.
    public var hasMoreToSend: Bool { !shares.isEmpty || !(up?.isEmpty ?? true) }

    /// Lines this request means to send.
    public var linesToSend: Int { up?.lines ?? 0 }

    /// The next frame to send, or nil when the upload is complete.
    public func nextUp() throws -> Frame? {
        try takeUpUrgent()
        // Lines first: what arrives of them counts, even if the line breaks then.
        guard let frame = try up?.next(store) else { return nextShares() }
        tally.linesUp += frame.count
        return .lines(frame)
    }

    /// Urgent lines saved or received since the request began do not wait for its end, which on a slow line is minutes
    /// away.
    private func takeUpUrgent() throws {
        guard !asking, up != nil else { return }
        let grown = try store.table(scope: region, changedSince: helloCounter)
            .filter { $0.log.lane == .urgent && !barred.contains($0.log) }
        up?.take(try grown.map { DownQueue.Entry(head: $0, from: try start($0)) })
    }

    private func nextShares() -> Frame? {
        var records: [JSON] = []
        var bytes = 0
        while let share = shares.first, shareBudget > 0, records.count < Limits.controlRecords, bytes < frameBytes {
            let record = share.json
            records.append(record)
            sentShares.append(share)
            shares.removeFirst()
            let length = record.encoded().count
            bytes += length
            shareBudget -= Int64(length)
        }
        return records.isEmpty ? nil : .control(records)
    }

    private func entriesToSend() throws -> [DownQueue.Entry] {
        try helloHeads.filter { !barred.contains($0.log) }.map { DownQueue.Entry(head: $0, from: try start($0)) }
    }

    /// Where to send a head from: what the server stated decides; before it did, the last agreement.
    private func start(_ head: Head) throws -> Int64 {
        let agreed = { try self.store.rows(head.log, atCounter: self.memory.agreed) }
        guard let stated = serverRows[head.log], !Mistake.resumeFromMemory.isPlanted else {
            return try store.shared(head, with: agreed()) ?? 0
        }
        if let shared = try store.shared(head, with: stated) { return shared }
        return try store.shared(head, with: agreed()) ?? 0
    }

    /// Prefixes of the logs that are unclear, as many as a request may ask about.
    private func probeRows() throws -> [TableRow] {
        var rows: [TableRow] = []
        for log in unclear.sorted() {
            let ladders = Set(try store.heads(log).flatMap { try store.ladder($0) })
            guard rows.count + ladders.count <= Limits.probeRows else { break }
            rows += ladders
            probed.insert(log)
        }
        unclear.subtract(probed)
        return rows
    }

    /// Whether nothing tells which lines of a log the server has: it stated what is not known here.
    private func isUnclear(_ log: LogName) throws -> Bool {
        guard !probed.contains(log), let rows = serverRows[log], !rows.isEmpty else { return false }
        return try store.heads(log).contains { try store.shared($0, with: rows) == nil }
    }

    // MARK: - The answer

    public func receive(_ frame: Frame) throws {
        switch frame {
        case .lines(let lines): try take(lines)
        case .control(let records):
            for record in records where record["key"] == nil && record["early"] == nil { try take(record) }
            // Together: each is a write to the disk. Keys before the lines under them.
            try takeShares(records)
            try takeEarly(records)
        }
    }

    private func takeShares(_ records: [JSON]) throws {
        // One that cannot be read is not kept; it must not stand in the way of the rest.
        let shares = records.filter { $0["key"] != nil }.compactMap { try? KeyShare(json: $0) }
        let new = try store.save(shares)
        tally.keys += new
        if new > 0 { moved = true }
    }

    private func takeEarly(_ records: [JSON]) throws {
        let new = try early.take(records) { refusals[$0] = $1 }
        tally.early += new
        if new > 0 { moved = true }
    }

    /// Takes one frame of the answer as it was decoded.
    ///
    /// - Returns: the frame; nil when it is no good frame of a log. That is noted, and the other logs go on.
    public func receive(content: [UInt8]) throws -> Frame? {
        let frame: Frame
        do { frame = try Frame(content: content) } catch {
            guard let (log, from) = Frame.place(of: content) else { throw error }
            refusals[log] = RefusedRecord(code: error.code, log: log, from: from, detail: error.detail)
            unwanted.insert(log)
            return nil
        }
        try receive(frame)
        return frame
    }

    private func take(_ frame: LinesFrame) throws {
        do {
            let committed = try store.commit(frame, scope: region, stating: false)
            tally.linesDown += committed.added
            if committed.added > 0 { moved = true }
            serverRows[frame.log, default: []].append(committed.reached)
        } catch let error as FrameError {
            refusals[frame.log] = RefusedRecord(
                code: error.code, log: frame.log, from: frame.from, detail: error.detail)
            unwanted.insert(frame.log)
        }
    }

    private func take(_ record: JSON) throws {
        if record["state"] != nil {
            try take(StateRecord(json: record))
        } else if record["receipt"] != nil {
            try takeReceipt(record)
        } else if record["refused"] != nil {
            take(try RefusedRecord(json: record))
        } else if record["end"] != nil {
            end = try EndRecord(json: record)
        }
        // Records of a later version are passed over.
    }

    private func take(_ refused: RefusedRecord) {
        guard let log = refused.log else {
            brokenOff = refused
            return
        }
        refusals[log] = refused
        up?.drop(log)
        switch refused.code {
        case .gap where gapsLeft > 0:
            gapsLeft -= 1
            progressed = true
        default: if !refused.code.isWorthRetrying { barred.insert(log) }
        }
    }

    private func take(_ state: StateRecord) throws {
        if asking || state.full { progressed = true }
        behind = state.behind
        mustSendAllRows = state.full
        isStated = !state.full
        // The server knows no agreement with this node any more, as when it was restored: what changed since then is not
        // all that it lacks.
        if state.full { (memory.mark, memory.agreed) = ("", 0) }
        // Where the tables are equal no rows come. Else every log of the hello is stated: a missing row means the
        // server holds nothing of it.
        let isEqual = state.table == helloTable
        for head in helloHeads { serverRows[head.log] = [] }
        if isEqual { for head in helloHeads { serverRows[head.log]?.append(head.row) } }
        for (log, rows) in Dictionary(grouping: state.rows, by: \.log) { serverRows[log] = rows }
        for row in state.known { serverRows[row.log, default: []].append(row) }
        // Of most the lines come in this very answer; which are still unclear is asked at its end.
        if !isEqual { unclear.formUnion(helloHeads.map(\.log)) }
    }

    private func takeReceipt(_ record: JSON) throws {
        do {
            let receipt = try Receipt(json: record)
            do {
                try take(receipt)
            } catch let error as FrameError {
                // Of another history: it comes down, and this receipt with it.
                guard error.code != .rootMismatch else {
                    unclear.insert(receipt.log)
                    return
                }
                refusals[receipt.log] = RefusedRecord(
                    code: error.code, log: receipt.log, from: 0, detail: error.detail)
            }
        } catch let error as FrameError {
            guard let log = record["log"]?.stringValue.flatMap({ try? LogName($0) }) else { return }
            refusals[log] = RefusedRecord(code: error.code, log: log, from: 0, detail: error.detail)
        }
    }

    private func take(_ receipt: Receipt) throws {
        if let root = receipt.heldRoot, receipt.holder == parent {
            let row = TableRow(log: receipt.log, size: receipt.size, root: root)
            serverRows[receipt.log, default: []].append(row)
            refusals[receipt.log] = nil
        }
        if try store.save(receipt) { moved = true }
        tally.receipts += 1
    }

    // MARK: - After the answer

    /// Judges a request whose answer ended, whole or cut.
    public func finish() throws -> Step {
        guard let end else {
            memory.unanswered = true
            isStated = false
            serverRows = [:]
            if Mistake.resumeFromMemory.isPlanted { memory.agreed = try store.digest(scope: region).counter }
            return .cut
        }
        memory.unanswered = false
        let (table, counter) = try store.digest(scope: region)
        let keys = TableDigest.of(try store.keyShares(scope: region, parent: parentRegion, changedSince: nil))
        if table == end.table, keys == end.keys {
            memory.mark = end.mark
            memory.agreed = counter
            try early.end()
            return end.more ? .again : .agreed
        }
        unclear = try unclear.filter { try isUnclear($0) }
        if !unclear.isEmpty { progressed = true }
        arrivedShares.formUnion(sentShares)
        if !shares.isEmpty { progressed = true }
        // While lines are to come, so are keys.
        mustSendAllKeys = keys != end.keys && shares.isEmpty && !asking && !end.more
        if mustSendAllKeys, !moved, !askedForAll {
            // What the server sent since its mark did not bring the keys together: without a mark it sends all.
            askedForAll = true
            mustSendAllRows = true
            return .again
        }
        // More of what cannot be taken is not a reason to go on.
        if progressed || moved { return .again }
        // Next time one request asks first, instead of sending again everything since the last agreement.
        memory.unanswered = true
        return .stuck
    }
}
