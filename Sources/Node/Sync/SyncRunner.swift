import Event
import Foundation
import Logging
import Store
import Sync
import Transport

/// One sync of a node with its parent over HTTP: requests until both hold the same, or nothing more can move.
///
/// Blocking: runs on the thread of an `HTTPWorker`.
public struct SyncRunner: Sendable {
    /// What a sync came to.
    public struct Report: Sendable {
        public var tally = ClientSession.Tally()
        public var bytesSent: Int64 = 0
        public var bytesReceived: Int64 = 0
        public var refusals: [RefusedRecord] = []
        public var agreed = false
        /// The epoch that this copy opened, as another copy of its disk writes under the old one.
        public var newEpoch: Epoch?
        /// Contents of attachments that still wait to go up.
        public var contentsWaiting = 0
    }

    /// Called as a sync moves, for a progress bar.
    public typealias Watcher = @Sendable (_ sent: Int, _ toSend: Int, _ received: Int) -> Void

    let node: Node
    let watcher: Watcher?
    /// Requests of one sync at most: progress shows in each, so a sync that needs more is cut into several.
    static let maximumRequests = 200
    /// Lines that a laptop which lacks much takes ahead of their logs, in bytes before compression: a third of that
    /// travels.
    static let earlyBytes: Int64 = 768 << 10
    static let contentType = "application/vnd.simpul.sync"

    public init(node: Node, watcher: Watcher? = nil) {
        self.node = node
        self.watcher = watcher
    }

    /// How to reach the parent; nil for a node without one.
    public static func settings(_ configuration: NodeConfiguration) -> HTTPSettings? {
        guard let parent = configuration.parent else { return nil }
        var settings = HTTPSettings(userAgent: "simpul/1")
        if let pin = parent.pin {
            settings.trust = parent.authority.map { .pinAndFile(pin: pin, file: $0) } ?? .pin(pin)
        } else if let authority = parent.authority {
            settings.trust = .file(authority)
        }
        return settings
    }

    /// Syncs until agreement, then carries contents of attachments for as long as no line waits.
    ///
    /// - Throws: as `runLines`. A line that breaks while contents go is no failure of the sync: they wait.
    public func run(_ client: HTTPClient) throws -> Report {
        var report = try runLines(client)
        // What was handed over goes up at once: who waits for it has waited long enough.
        if report.agreed, report.newEpoch == nil, handOver() { report.add(try runLines(client)) }
        guard let parent = try node.parent() else { return report }
        // A copy that left its epoch speaks under the new one once it is opened again.
        while report.agreed, report.newEpoch == nil, try sendContents(client, parent) == .linesWait {
            report.add(try runLines(client))
        }
        report.contentsWaiting = try node.blobs.errands().count
        return report
    }

    /// What fails here waits for the next sync: the lines that were exchanged are safe.
    private func handOver() -> Bool {
        do { return try node.handOver() > 0 } catch {
            node.logger.warning("handing over waits for the next sync", metadata: ["reason": "\(error)"])
            return false
        }
    }

    private func sendContents(_ client: HTTPClient, _ parent: Enrolment) throws -> AttachmentExchange.Outcome {
        let agreed = try node.store.peer(parent.node).agreed
        do {
            return try AttachmentExchange(node: node, client: client).sendAll(since: agreed)
        } catch let error as TransportError {
            node.logger.info("attachments wait", metadata: ["reason": "\(error)"])
            return .done
        }
    }

    /// Syncs until agreement.
    ///
    /// - Throws: `TransportError` when the line failed (what was receipted stays receipted), `NodeError` when the
    ///   parent refuses this node, `StoreError` when the disk does.
    private func runLines(_ client: HTTPClient) throws -> Report {
        guard let parentConfiguration = node.configuration.parent, let parent = try node.parent() else {
            throw NodeError(.badInput, "\(node.own.node) has no parent to sync with", advice: "it is the centre")
        }
        try node.announceMove()
        var memory = try node.store.peer(parent.node)
        let session = ClientSession(
            store: node.store, node: node.own.node, epoch: node.own.epoch, region: node.own.region,
            parent: parent.node, parentRegion: parent.region,
            memory: .init(mark: memory.mark, agreed: memory.agreed, unanswered: memory.unanswered))
        session.machine = node.installation.machine
        if node.own.role == .village { session.earlyBytes = Self.earlyBytes }
        session.firstShare = Int.random(in: 0..<1_000_000)
        var pace = LinePace(kept: memory.pace)
        var report = Report()
        let address = try HTTPAddress(parentConfiguration.url).resolving("/sync/v1")
        do {
            for _ in 0..<Self.maximumRequests {
                // Written before the bytes leave: a crash while waiting must not look like an answer.
                memory.unanswered = true
                try node.store.save(memory)
                let meter = PaceMeter()
                (session.frameBytes, session.requestBytes) = (pace.frameBytes, pace.requestBytes)
                let step: ClientSession.Step
                do {
                    step = try request(session, client, address, parent, meter, &memory, &report)
                } catch let error as TransportError where error.retry == .smaller {
                    pace = meter.cut(pace)
                    memory.pace = pace.kept
                    throw error
                }
                pace = meter.succeeded(pace)
                memory.pace = pace.kept
                CrashPoint.beforeCursor.reach()
                memory.mark = session.memory.mark
                memory.agreed = session.memory.agreed
                memory.unanswered = session.memory.unanswered
                memory.lastContact = stamp()
                if step == .agreed { memory.lastAgreement = memory.lastContact }
                (memory.failureReason, memory.failureCode) = (nil, nil)
                try node.store.save(memory)
                report.agreed = step == .agreed
                if step == .cut { try goOnAfterCut(session, parent) }
                if step == .agreed || step == .stuck { break }
            }
        } catch {
            memory.unanswered = true
            memory.lastFailure = stamp()
            memory.failureReason = "\(error)"
            memory.failureCode = NodeCondition.Code(syncFailure: error).rawValue
            try node.store.save(memory)
            try settle(session, parent, &report)
            throw error
        }
        try settle(session, parent, &report)
        if report.agreed { try node.store.noteHeard(parent.node) }
        try leaveEpoch(client, parent, &report)
        return report
    }

    /// After a sync, as what was written under the old key goes up first. What fails is tried again after the next.
    private func leaveEpoch(_ client: HTTPClient, _ parent: Enrolment, _ report: inout Report) throws {
        guard let url = node.configuration.parent?.url, report.agreed else { return }
        do {
            report.newEpoch = try Succession(node: node).openIfNeeded(parent) { request in
                let answer = try client.post(try HTTPAddress(url).resolving("/enrol/v1"), json: request.encoded())
                return try JSON.parse(answer.body, limits: .document)
            }
            if let epoch = report.newEpoch {
                node.logger.notice(
                    "this copy has an epoch of its own from now on", metadata: ["epoch": "\(epoch)"])
            }
        } catch let error as TransportError {
            node.logger.warning("the new epoch waits for the next sync", metadata: ["reason": "\(error)"])
        }
    }

    /// A parent that ends early and took nothing would only be asked in a storm.
    private func goOnAfterCut(_ session: ClientSession, _ parent: Enrolment) throws {
        guard session.moved, session.brokenOff?.code != .diskFull else {
            let reason = session.brokenOff?.detail ?? "its answer has no end"
            throw NodeError(
                .unreachable, "\(parent.node) broke off: \(reason)",
                advice: "everything recorded stays safe here and is sent again later",
                code: session.brokenOff?.code.rawValue)
        }
    }

    /// After a sync, whole or cut: keys that came are opened, refusals are kept for their authors to see.
    private func settle(_ session: ClientSession, _ parent: Enrolment, _ report: inout Report) throws {
        report.tally = session.tally
        report.refusals = session.refusals.values.sorted { ($0.log?.description ?? "") < ($1.log?.description ?? "") }
        // Only an answer that came to its end says that nothing else is refused.
        if !session.memory.unanswered {
            for refusal in try node.store.refusals() where session.refusals[refusal.log] == nil {
                try node.store.clearRefusal(log: refusal.log, peer: refusal.peer)
            }
        }
        for (log, refusal) in session.refusals {
            try node.store.noteRefusal(
                log: log, peer: parent.node, code: refusal.code.rawValue, detail: refusal.detail, size: refusal.from)
        }
        try node.settle()
    }

    private func request(
        _ session: ClientSession, _ client: HTTPClient, _ address: HTTPAddress, _ parent: Enrolment, _ meter: PaceMeter,
        _ memory: inout PeerMemory, _ report: inout Report
    ) throws -> ClientSession.Step {
        for attempt in 0...1 {
            // Begun anew for the second attempt: an upload that was refused half-way has used up its queue.
            let hello = try session.begin()
            let helloBytes = try hello.encoded()
            let decoded = hello.content
            let request = HTTPRequest(
                .post, address, headers: try headers(parent, challenge: memory.challenge, first: decoded),
                body: body(session, meter, hello: helloBytes), expecting: Self.contentType)
            let reader = try FrameReader(limit: Int.max)
            var next: String?
            do {
                CrashPoint.beforeSending.reach()
                let outcome = try client.perform(
                    request,
                    onResponse: { next = $0.headers["Simpul-Challenge"] },
                    onBytes: { bytes in
                        try reader.feed(bytes)
                        while let content = try reader.nextContent() {
                            if let frame = try session.receive(content: content) { meter.received(frame) }
                        }
                        watcher?(session.tally.linesUp, session.linesToSend, session.tally.linesDown)
                    })
                report.bytesSent += outcome.traffic.sent
                report.bytesReceived += outcome.traffic.received
                if let next { memory.challenge = next }
                return try session.finish()
            } catch let error as TransportError {
                report.bytesSent += error.traffic.sent
                report.bytesReceived += error.traffic.received
                guard let answer = error.answer else {
                    _ = try session.finish()
                    throw error
                }
                if let challenge = answer.head.headers["Simpul-Challenge"] { memory.challenge = challenge }
                if answer.head.status == 401, attempt == 0 { continue }
                throw refusal(answer, parent) ?? error
            }
        }
        throw NodeError(
            .refused, "\(parent.node) does not accept this node's signature",
            advice: "the clock does not matter here; enrol again with a new invitation")
    }

    /// The upload is made while it goes: frames are read from the log only when the line takes them.
    private func body(_ session: ClientSession, _ meter: PaceMeter, hello: [UInt8]) -> HTTPBody {
        // A short body goes with its length, as proxies and dead kept-alive connections like it best.
        guard session.hasMoreToSend else { return .bytes(hello) }
        var isFirst = true
        return .stream(next: {
            if isFirst {
                isFirst = false
                return .chunk(hello)
            }
            guard let frame = try session.nextUp() else {
                CrashPoint.afterSending.reach()
                return .end
            }
            meter.sent(frame)
            return .chunk(try frame.encoded())
        })
    }

    private func headers(_ parent: Enrolment, challenge: String, first: [UInt8]) throws -> HTTPHeaders {
        let own = node.own
        var headers: HTTPHeaders = [
            "Content-Type": Self.contentType, "Accept": Self.contentType, "Simpul-Version": "1",
            "Simpul-Node": "\(own.node)/\(own.epoch)",
        ]
        guard !challenge.isEmpty else { return headers }
        headers.append("Simpul-Challenge", challenge)
        headers.append(
            "Simpul-Signature",
            try RequestSignature.sign(
                key: node.keys.sign, server: parent.node, node: own.node, epoch: own.epoch, challenge: challenge,
                first: first))
        return headers
    }

    /// What a refusal with a problem document means, in words; nil where the status says it all.
    private func refusal(_ answer: HTTPAnswer, _ parent: Enrolment) -> NodeError? {
        guard [400, 401, 403, 503].contains(answer.head.status),
            let problem = try? JSON.parse(answer.body, limits: .document), let code = problem["code"]?.stringValue
        else { return nil }
        let detail = problem["detail"]?.stringValue ?? problem["title"]?.stringValue ?? code
        if answer.head.status == 503 {
            // A full disk is its operator's to mend; whoever is merely busy says how long to wait.
            guard code == RefusalCode.diskFull.rawValue else { return nil }
            return NodeError(
                .unreachable, "\(parent.node) takes nothing now: \(detail)",
                advice: "everything recorded stays safe here and is sent again later", code: code)
        }
        return NodeError(
            .refused, "\(parent.node) refused this node (\(code)): \(detail)",
            advice: "everything recorded stays safe here; ask the operator of \(parent.node)", code: code)
    }

    private func stamp() -> String {
        DateTime(milliseconds: Int64(node.now().timeIntervalSince1970) * 1_000).description
    }
}

extension SyncRunner.Report {
    fileprivate mutating func add(_ other: Self) {
        tally.requests += other.tally.requests
        tally.linesUp += other.tally.linesUp
        tally.linesDown += other.tally.linesDown
        tally.receipts += other.tally.receipts
        tally.keys += other.tally.keys
        tally.early += other.tally.early
        bytesSent += other.bytesSent
        bytesReceived += other.bytesReceived
        (refusals, agreed) = (other.refusals, other.agreed)
        newEpoch = other.newEpoch ?? newEpoch
    }
}

extension LinePace {
    /// As kept between syncs. What cannot be read is forgotten: it costs a few cuts, nothing else.
    init(kept text: String) {
        self = (try? JSONDecoder().decode(LinePace.self, from: Data(text.utf8))) ?? LinePace()
    }

    var kept: String { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
