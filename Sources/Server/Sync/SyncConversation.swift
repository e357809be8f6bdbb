import Event
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Node
import Store
import Sync

/// How long a client may take, whatever its pace.
package struct SyncLimits: Sendable {
    package var firstFrame = Duration.seconds(60)
    package var request = Duration.seconds(15 * 60)

    package init() {}
}

/// One sync request at the server: reads the body as it comes and gives the answer piece by piece, so that
/// receipts go back while the upload is still under way.
///
/// Runs on a queue of its own: the session commits to disk.
actor SyncConversation {
    private let executor = QueueExecutor(label: "simpul.sync")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let node: Node
    private let limits: SyncLimits
    private let start = ContinuousClock.now
    private var body: RequestBody.AsyncIterator
    private var reader: FrameReader?
    private var first: [UInt8]?
    private var session: ServerSession?
    private var pending: [Frame] = []
    private var uploadEnded = false
    private var isBroken = false
    /// Lines that were new here.
    private(set) var added = 0

    init(node: Node, body: RequestBody, limits: SyncLimits) {
        self.node = node
        self.body = body.makeAsyncIterator()
        self.limits = limits
    }

    /// The decoded content of the body's first frame, over which the request is signed.
    func firstFrame() async throws -> [UInt8] {
        let reader = try FrameReader()
        self.reader = reader
        while true {
            if let content = try reader.nextContent() {
                first = content
                return content
            }
            guard let chunk = try await nextChunk() else {
                throw FrameError(.malformed, "the body ends before its first frame does")
            }
            try reader.feed(chunk.readableBytesView)
        }
    }

    /// Starts the session once the request is known to be the child's own.
    func accept(_ child: ServerSession.Child) throws {
        guard let first else { return }
        let session = try ServerSession(
            store: node.store, child: child, serverRegion: node.own.region, early: EarlyPersons(node))
        session.firstShare = Int.random(in: 0..<1_000_000)
        self.session = session
        pending += try session.receive(try Frame(content: first))
        if let machine = session.machine {
            try node.store.noteMachine(machine, node: child.node, epoch: child.epoch)
        }
    }

    /// The next bytes of the answer, or nil when it is over.
    func nextOutput() async throws -> [UInt8]? {
        while true {
            if !pending.isEmpty { return try pending.removeFirst().encoded(level: Self.level) }
            guard let session, !isBroken else { return nil }
            guard uploadEnded else {
                try await takeUpload(session)
                continue
            }
            guard let frame = try session.nextDown() else {
                if session.holdsAllOfClient { try node.store.noteHeard(session.node) }
                return nil
            }
            return try frame.encoded(level: Self.level)
        }
    }

    /// Goes on after the answer could not be delivered: what had come before the line broke is kept, or a line that
    /// breaks often would carry the same frames again and again.
    func takeWhatCame() async {
        while let session, !uploadEnded, !isBroken {
            pending = []
            // How the line ended is known already.
            do { try await takeUpload(session) } catch { return }
        }
    }

    /// Speed matters more than the last percent on the way down; slow lines are asked for with a smaller `max`.
    private static let level: Int32 = 6

    private func takeUpload(_ session: ServerSession) async throws {
        do {
            if let content = try reader?.nextContent() {
                pending += try session.receive(content: content)
                added = session.added
                CrashPoint.beforeReceipt.reach()
                return
            }
            guard let chunk = try await nextChunk() else {
                uploadEnded = true
                if reader?.isMidFrame == true { isBroken = true }
                return
            }
            try reader?.feed(chunk.readableBytesView)
        } catch let error as FrameError {
            // The status is sent: trouble is told as a record, and by ending without an end.
            pending.append(.control([RefusedRecord(code: error.code, log: nil, from: 0, detail: error.detail).json]))
            isBroken = true
        } catch StoreError.diskFull(let path) {
            node.logger.error("sync broken off", metadata: ["reason": "\(StoreError.diskFull(path: path))"])
            pending.append(
                .control([
                    RefusedRecord(
                        code: .diskFull, log: nil, from: 0,
                        detail: "the disk of \(node.own.node) is full; nothing that was sent is lost, it stays at the "
                            + "sender"
                    ).json
                ]))
            isBroken = true
        }
    }

    private func nextChunk() async throws -> ByteBuffer? {
        guard start.duration(to: .now) < (session == nil ? limits.firstFrame : limits.request) else {
            throw FrameError(.tooLarge, "the request took longer than allowed; send less in one request")
        }
        var iterator = body
        defer { body = iterator }
        return try await iterator.next(isolation: #isolation)
    }
}
