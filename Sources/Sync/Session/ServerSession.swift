import Event

/// The server's side of one sync request: frames in, frames out, no I/O of its own.
///
/// Order of a session (`protocol/04-session.md`):
/// 1. `receive` the hello; it answers with the state.
/// 2. `receive` each further frame; a lines frame is durable before its receipt is returned.
/// 3. after the upload, call `nextDown` until it gives nil: lines, receipts and keys the client lacks, then the end.
public final class ServerSession {
    /// Who is on the other side, as authenticated by the request's signature.
    public struct Child: Sendable {
        public let node: NodeName
        public let epoch: Epoch
        public let region: RegionCode

        public init(node: NodeName, epoch: Epoch, region: RegionCode) {
            self.node = node
            self.epoch = epoch
            self.region = region
        }
    }

    private let store: any ExchangeStore
    private let child: Child
    private let serverRegion: RegionCode
    private let storeID: String
    private var hello: Hello?
    private var clientMark: Mark?
    /// What the client holds, as far as this request tells.
    private var clientRows: [LogName: [TableRow]] = [:]
    private var clientKnown = false
    /// Logs of which a frame of the client was refused in this request.
    private var refusedLogs: Set<LogName> = []
    private var stated: Set<Receipt> = []
    /// Shares that the client sent in this request: it has them.
    private var received: Set<KeyShare> = []
    private var down: DownQueue?
    private let earlySource: (any EarlySource)?
    /// Records that go ahead of the lines frames, not yet written.
    private var early: ArraySlice<JSON>?
    /// Shares among those: they need not go again at the end.
    private var earlyShares: Set<KeyShare> = []
    /// The store's change counter when the hello came.
    private var helloCounter: Int64 = 0
    /// Where among the shares to begin. A caller that varies it gets them all through a line that breaks again and again,
    /// since nothing tells which of them arrived before the break.
    public var firstShare = 0
    /// Records that close the session, not yet written.
    private var last: ArraySlice<JSON>?
    /// What the client calls the machine that it runs on.
    public var machine: String? { hello?.machine }
    /// Whether everything that the client stated to hold is here, now that its upload is over: a restored server has its
    /// lost lines back then.
    public private(set) var holdsAllOfClient = false
    /// Lines committed in this session that were new here.
    public private(set) var added = 0

    public var node: NodeName { child.node }

    /// - Parameter early: who knows which persons a child that lacks much needs first; nil: nothing goes early.
    public init(
        store: any ExchangeStore, child: Child, serverRegion: RegionCode, early: (any EarlySource)? = nil
    ) throws {
        earlySource = early
        self.store = store
        self.child = child
        self.serverRegion = serverRegion
        storeID = try store.storeID()
    }

    /// Takes one frame of the upload; returns what is to be written back at once.
    ///
    /// - Throws: `FrameError` when the session cannot go on; a refused lines frame is answered, not thrown.
    public func receive(_ frame: Frame) throws -> [Frame] {
        guard hello != nil else {
            guard case .control(let records) = frame, let first = records.first else {
                throw FrameError(.malformed, "a session starts with a hello")
            }
            let answer = try greet(try Hello(json: first))
            return answer + (try takeKeys(records.dropFirst()))
        }
        switch frame {
        case .lines(let lines): return [.control([try take(lines).json])]
        case .control(let records): return try takeKeys(records[...])
        }
    }

    /// Takes one frame of the upload as it was decoded. One that is no good frame is refused alone: those behind it
    /// are found all the same, and may be of other logs.
    public func receive(content: [UInt8]) throws -> [Frame] {
        let frame: Frame
        do { frame = try Frame(content: content) } catch {
            let named = Frame.place(of: content)
            return [
                .control([
                    RefusedRecord(code: error.code, log: named?.log, from: named?.from ?? 0, detail: error.detail).json
                ])
            ]
        }
        return try receive(frame)
    }

    /// The next frame down, or nil when the session is over. Call only after the whole upload was received.
    public func nextDown() throws -> Frame? {
        guard let hello else { return nil }
        if let frame = try nextEarly(hello) { return frame }
        if down == nil {
            // A quarter of what is wanted at most, so that an answer that is cut leaves something behind.
            down = try DownQueue(
                entriesToSend(), budget: min(hello.max, Limits.answerBytes), frameBytes: Self.quarter(hello))
        }
        try takeUpUrgent(hello)
        if let frame = try down?.next(store) { return .lines(frame) }
        if last == nil { last = try closing(hello)[...] }
        return Self.frame(of: &last, hello)
    }

    private static func quarter(_ hello: Hello) -> Int {
        Int(min(max(hello.max / 4, 4_096), Int64(Limits.frameBytes)))
    }

    /// The next records, in a frame that is small enough for a line that is cut often.
    private static func frame(of records: inout ArraySlice<JSON>?, _ hello: Hello) -> Frame? {
        guard var left = records, !left.isEmpty else { return nil }
        var chunk: [JSON] = []
        var bytes = 0
        let most = min(Limits.controlFrameBytes, quarter(hello))
        while let record = left.first, bytes < most, chunk.count < Limits.controlRecords {
            bytes += record.encoded().count
            chunk.append(record)
            left.removeFirst()
        }
        records = left
        return .control(chunk)
    }

    // MARK: - The hello

    private func greet(_ hello: Hello) throws -> [Frame] {
        guard hello.node == child.node, hello.epoch == child.epoch, hello.region == child.region else {
            throw FrameError(
                .outOfScope,
                "the hello is of \(hello.node) for \(hello.region), the request was signed by "
                    + "\(child.node) of \(child.region)")
        }
        self.hello = hello
        let (digest, counter) = try store.digest(scope: child.region)
        clientMark = Mark(hello.mark, store: storeID, now: counter)
        helloCounter = counter
        let mark = Mark(store: storeID, counter: counter).text
        let probed = try store.known(hello.probe.filter { $0.log.inScope(of: child.region) })
        if digest == hello.table {
            clientKnown = true
            for head in try store.table(scope: child.region, changedSince: nil) {
                clientRows[head.log, default: []].append(head.row)
            }
            return [.control([StateRecord(table: digest, mark: mark, rows: [], full: false, known: probed).json])]
        }
        let mine = try store.table(scope: child.region, changedSince: hello.full ? nil : clientMark?.counter)
        clientKnown = try learnClient(hello)
        var rows = mine.map(\.row)
        var listed = Set(mine.map(\.log))
        for row in hello.rows where row.log.inScope(of: child.region) && listed.insert(row.log).inserted {
            rows += try store.heads(row.log).map(\.row)
        }
        // What it asked about and is known, it holds for sure.
        for row in probed { clientRows[row.log, default: []].append(row) }
        let behind = hello.early == nil || !clientKnown ? nil : Self.lines(try entriesToSend())
        let state = StateRecord(
            table: digest, mark: mark, rows: rows, full: !clientKnown, known: probed, behind: behind)
        return [.control([state.json])]
    }

    /// Works out the client's heads from its rows and its mark. False when they do not fit its digest.
    private func learnClient(_ hello: Hello) throws -> Bool {
        var client: [LogName: [TableRow]] = [:]
        if !hello.full {
            guard let mark = clientMark else { return false }
            for log in Set(try store.table(scope: child.region, changedSince: nil).map(\.log)) {
                let then = try store.rows(log, atCounter: mark.counter)
                if !then.isEmpty { client[log] = then }
            }
        }
        for (log, rows) in Dictionary(grouping: hello.rows, by: \.log) { client[log] = rows }
        guard TableDigest.of(client.values.joined()) == hello.table else { return false }
        clientRows = client
        return true
    }

    // MARK: - The upload

    private func take(_ frame: LinesFrame) throws -> Reply {
        do {
            let committed = try store.commit(frame, scope: child.region, stating: true)
            added += committed.added
            clientRows[frame.log, default: []].append(committed.reached)
            guard let receipt = committed.receipt else {
                return .refused(Self.refusal(frame, .malformed, "not stated"))
            }
            stated.insert(receipt)
            return .receipt(receipt)
        } catch let error as FrameError {
            refusedLogs.insert(frame.log)
            return .refused(Self.refusal(frame, error.code, error.detail))
        }
    }

    private enum Reply {
        case receipt(Receipt)
        case refused(RefusedRecord)

        var json: JSON {
            switch self {
            case .receipt(let receipt): receipt.json
            case .refused(let record): record.json
            }
        }
    }

    private static func refusal(_ frame: LinesFrame, _ code: RefusalCode, _ detail: String) -> RefusedRecord {
        RefusedRecord(code: code, log: frame.log, from: frame.from, detail: detail)
    }

    /// Keeps the shares among the records; a refusal concerns one record, not the session.
    private func takeKeys(_ records: ArraySlice<JSON>) throws -> [Frame] {
        var shares: [KeyShare] = []
        var refused: [JSON] = []
        for record in records where record["key"] != nil {
            do {
                shares.append(try share(record))
            } catch {
                refused.append(RefusedRecord(code: error.code, log: nil, from: 0, detail: error.detail).json)
            }
        }
        try store.save(shares)
        received.formUnion(shares)
        return refused.isEmpty ? [] : [.control(refused)]
    }

    private func share(_ record: JSON) throws(FrameError) -> KeyShare {
        let share = try KeyShare(json: record)
        guard share.region.isAtOrBelow(child.region), serverRegion.isAtOrBelow(share.top) else {
            throw FrameError(
                .outOfScope,
                "\(child.node) may not hand out here a key of region \(share.region), "
                    + "which goes up to \(share.top)")
        }
        return share
    }

    // MARK: - Ahead of the logs

    private static func lines(_ entries: [DownQueue.Entry]) -> Int64 {
        entries.reduce(0) { $0 + max(0, $1.head.size - $1.from) }
    }

    private func nextEarly(_ hello: Hello) throws -> Frame? {
        if early == nil { early = try earlyRecords(hello)[...] }
        return Self.frame(of: &early, hello)
    }

    private func earlyRecords(_ hello: Hello) throws -> [JSON] {
        guard let ask = hello.early, let earlySource, clientKnown, ask.max > 0 else { return [] }
        let entries = try entriesToSend()
        guard Self.lines(entries) >= Limits.earlyBehind else { return [] }
        let heads = Dictionary(grouping: try store.table(scope: child.region, changedSince: nil), by: \.log)
        var lacking: [LogName: Range<Int64>] = [:]
        for entry in entries where entry.from < entry.head.size {
            let log = entry.head.log
            // Which line of several histories will stand at a place there is not known; and what the child writes itself
            // it must not be told.
            guard heads[log]?.count == 1, log.node != child.node || log.epoch != child.epoch else { continue }
            lacking[log] = entry.from..<entry.head.size
        }
        let most = Int(min(ask.max, Int64(Limits.earlyBytes)))
        var (records, bytes) = ([JSON](), 0)
        let persons = try earlySource.persons(for: child, lacking: lacking, ask: ask, bytes: most)
        for person in persons where bytes < most {
            for share in person.shares where earlyShares.insert(share).inserted { records.append(share.json) }
            for line in person.lines where bytes < most {
                bytes += line.bytes.count
                records.append(line.json)
            }
        }
        return records
    }

    // MARK: - The way down

    private func entriesToSend() throws -> [DownQueue.Entry] {
        guard clientKnown else { return [] }
        let skipped = Set(hello?.skip ?? [])
        return try store.table(scope: child.region, changedSince: nil).filter { !skipped.contains($0.log) }
            .compactMap { head in
                guard let from = try start(head) else { return nil }
                return DownQueue.Entry(head: head, from: from)
            }
    }

    /// What of a head the client holds. Nil when its own lines of that log must come up first: only they tell where the
    /// two histories part, and sending from the beginning would send what is there already.
    private func start(_ head: Head) throws -> Int64? {
        if let shared = try store.shared(head, with: clientRows[head.log] ?? []) { return shared }
        return refusedLogs.contains(head.log) ? 0 : nil
    }

    /// Urgent lines that came while the answer goes down, from other children or from here, go before the rest of it.
    private func takeUpUrgent(_ hello: Hello) throws {
        guard clientKnown, last == nil else { return }
        let grown = try store.table(scope: child.region, changedSince: helloCounter)
            .filter { $0.log.lane == .urgent && !hello.skip.contains($0.log) }
        down?.take(try grown.compactMap { head in try start(head).map { DownQueue.Entry(head: head, from: $0) } })
    }

    /// Shares to send in this answer. While there are lines to come only some: on a line that is cut they would keep
    /// those from coming.
    private func waiting(_ shares: [KeyShare], _ hello: Hello) -> [JSON] {
        let waiting = shares.filter { !received.contains($0) && !earlyShares.contains($0) }
        let start = waiting.isEmpty ? 0 : firstShare % waiting.count
        var left = down?.isCutShort == true ? Self.quarter(hello) : .max
        return (waiting[start...] + waiting[..<start]).map(\.json).prefix { record in
            defer { left -= record.encoded().count }
            return left > 0
        }
    }

    /// Receipts and keys that the client lacks, then the end.
    private func closing(_ hello: Hello) throws -> [JSON] {
        // Read first: what changes from here on lies after the mark, so that it is sent next time.
        holdsAllOfClient = try clientKnown && store.known(hello.rows).count == hello.rows.count
        let (table, counter) = try store.digest(scope: child.region)
        var records: [JSON] = []
        let receipts = try store.receipts(atOrBelow: child.region, changedSince: nil).filter { $0.holder != child.node }
        if TableDigest.of(receipts) != hello.receipts {
            var wanted: [Receipt] = []
            if let mark = clientMark {
                wanted = try store.receipts(atOrBelow: child.region, changedSince: mark.counter)
            }
            wanted = wanted.filter { $0.holder != child.node }
            records += (wanted.isEmpty ? receipts : wanted).filter { !stated.contains($0) }.map(\.json)
        }
        let shares = try store.keyShares(scope: child.region, parent: serverRegion, changedSince: nil)
        let keys = TableDigest.of(shares)
        if keys != hello.keys {
            var wanted: [KeyShare] = []
            if let mark = clientMark {
                wanted = try store.keyShares(scope: child.region, parent: serverRegion, changedSince: mark.counter)
            }
            records += waiting(wanted.isEmpty ? shares : wanted, hello)
        }
        let end = EndRecord(
            table: table, mark: Mark(store: storeID, counter: counter).text, keys: keys, more: down?.isCutShort ?? false
        )
        return records + [end.json]
    }
}
