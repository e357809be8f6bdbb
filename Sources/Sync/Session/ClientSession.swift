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

    public enum Step: Sendable, Equatable {
        /// Both hold the same; keep the memory.
        case agreed
        /// Another request will bring more.
        case again
        /// The parent answered, but some logs cannot go on now; the refusals say why.
        case stuck
    }

    /// What a sync moved.
    public struct Tally: Sendable, Equatable {
        public var requests = 0
        public var linesUp = 0
        public var linesDown = 0
        public var receipts = 0
        public var keys = 0

        public init() {}
    }

    private let store: any ExchangeStore
    private let node: NodeName
    private let epoch: Epoch
    private let region: RegionCode
    private let parentRegion: RegionCode
    public private(set) var memory: Memory
    public private(set) var tally = Tally()
    /// Lines frames not taken, by either side, newest per log.
    public private(set) var refusals: [LogName: RefusedRecord] = [:]

    /// Sizes the server stated during this sync.
    private var serverSizes: [LogName: Int64] = [:]
    /// Whether the server has stated where it stands since the last unanswered request.
    private var isStated = false
    private var mustSendAllRows = false
    private var helloRows: [TableRow] = []
    private var helloTable = ""
    private var gapsLeft = 3
    private var mustSendAllKeys = false
    private var up: DownQueue?
    private var end: EndRecord?
    private var progressed = false
    private var asking = false
    /// Decoded bytes of lines per request and per frame, adapted to the line by the caller.
    public var requestBytes: Int64
    public var frameBytes: Int

    public init(
        store: any ExchangeStore, node: NodeName, epoch: Epoch, region: RegionCode, parentRegion: RegionCode,
        memory: Memory, requestBytes: Int64 = 32 << 20, frameBytes: Int = Limits.frameBytes
    ) {
        self.store = store
        self.node = node
        self.epoch = epoch
        self.region = region
        self.parentRegion = parentRegion
        self.memory = memory
        self.requestBytes = requestBytes
        self.frameBytes = frameBytes
    }

    // MARK: - A request

    /// Starts a request: its first frame, whose decoded bytes the request's signature covers.
    public func begin() throws -> Frame {
        let full = memory.mark.isEmpty || mustSendAllRows
        helloRows = try store.table(scope: region, changedSince: full ? nil : memory.agreed)
        helloTable = try store.digest(scope: region).table
        asking = !isStated && (memory.unanswered || full)
        end = nil
        progressed = false
        tally.requests += 1
        up = DownQueue(rows: asking ? [] : try rowsToSend(), budget: requestBytes, frameBytes: frameBytes)
        let hello = Hello(
            node: node, epoch: epoch, region: region, table: helloTable, mark: full ? "" : memory.mark,
            rows: helloRows, full: full, ask: asking,
            receipts: TableDigest.of(
                try store.receipts(atOrBelow: region, changedSince: nil).filter { $0.holder != node }),
            keys: TableDigest.of(try store.keyShares(scope: region, parent: parentRegion, changedSince: nil)),
            max: requestBytes)
        let shares = try store.keyShares(
            scope: region, parent: parentRegion, changedSince: full || mustSendAllKeys ? nil : memory.agreed)
        mustSendAllKeys = false
        extraKeys = Array(shares.map(\.json))
        return .control([hello.json])
    }

    private var extraKeys: [JSON] = []

    /// Whether the request has more than its hello.
    public var hasMoreToSend: Bool { !extraKeys.isEmpty || !(up?.isEmpty ?? true) }

    /// Lines this request means to send.
    public var linesToSend: Int { up?.lines ?? 0 }

    /// The next frame to send, or nil when the upload is complete.
    public func nextUp() throws -> Frame? {
        if !extraKeys.isEmpty {
            let chunk = extraKeys.prefix(Limits.controlRecords)
            extraKeys.removeFirst(chunk.count)
            return .control(Array(chunk))
        }
        guard let frame = try up?.next(store) else { return nil }
        tally.linesUp += frame.count
        return .lines(frame)
    }

    private func rowsToSend() throws -> [(log: LogName, from: Int64, size: Int64)] {
        var queue: [(log: LogName, from: Int64, size: Int64)] = []
        for row in helloRows where refusals[row.log]?.code.isWorthRetrying ?? true {
            let from = try serverSizes[row.log] ?? store.row(row.log, atCounter: memory.agreed)?.size ?? 0
            if from < row.size { queue.append((row.log, from, row.size)) }
        }
        return queue.sorted { LogOrder.precedes($0.log, $1.log) }
    }

    // MARK: - The answer

    public func receive(_ frame: Frame) throws {
        switch frame {
        case .lines(let lines): try take(lines)
        case .control(let records): for record in records { try take(record) }
        }
    }

    private func take(_ frame: LinesFrame) throws {
        do {
            let committed = try store.commit(frame, scope: region, stating: false)
            tally.linesDown += committed.added
            if committed.added > 0 { progressed = true }
            serverSizes[frame.log] = max(serverSizes[frame.log] ?? 0, frame.end)
        } catch let error as FrameError {
            refusals[frame.log] = RefusedRecord(
                code: error.code, log: frame.log, from: frame.from, detail: error.detail)
        }
    }

    private func take(_ record: JSON) throws {
        if record["state"] != nil {
            try take(StateRecord(json: record))
        } else if record["receipt"] != nil {
            try take(Receipt(json: record))
        } else if record["key"] != nil {
            try store.save([KeyShare(json: record)])
            tally.keys += 1
            progressed = true
        } else if record["refused"] != nil {
            let refused = try RefusedRecord(json: record)
            if let log = refused.log { refusals[log] = refused }
            if refused.code == .gap, gapsLeft > 0 {
                gapsLeft -= 1
                progressed = true
            }
        } else if record["end"] != nil {
            end = try EndRecord(json: record)
        }
        // Records of a later version are passed over.
    }

    private func take(_ state: StateRecord) throws {
        if asking || state.full { progressed = true }
        mustSendAllRows = state.full
        isStated = !state.full
        // Where the tables are equal no rows come. Else every log of the hello is stated: a missing row means the
        // server holds nothing of it.
        for row in helloRows { serverSizes[row.log] = state.table == helloTable ? row.size : 0 }
        for row in state.rows { serverSizes[row.log] = row.size }
    }

    private func take(_ receipt: Receipt) throws {
        do {
            if try store.save(receipt) { progressed = true }
        } catch let error as FrameError {
            refusals[receipt.log] = RefusedRecord(code: error.code, log: receipt.log, from: 0, detail: error.detail)
            return
        }
        tally.receipts += 1
        guard receipt.kind == .held else { return }
        let before = serverSizes[receipt.log] ?? 0
        if receipt.size > before {
            serverSizes[receipt.log] = receipt.size
            refusals[receipt.log] = nil
        }
    }

    // MARK: - After the answer

    /// Judges a request whose answer ended, whole or cut.
    public func finish() throws -> Step {
        guard let end else {
            memory.unanswered = true
            isStated = false
            serverSizes = [:]
            return .again
        }
        memory.unanswered = false
        let (table, counter) = try store.digest(scope: region)
        let keys = TableDigest.of(try store.keyShares(scope: region, parent: parentRegion, changedSince: nil))
        if table == end.table, keys == end.keys {
            memory.mark = end.mark
            memory.agreed = counter
            return end.more ? .again : .agreed
        }
        mustSendAllKeys = keys != end.keys
        return progressed || end.more ? .again : .stuck
    }
}
