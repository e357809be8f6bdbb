import Event
import Node
import Store
import Sync

/// What goes wrong with one request.
public struct LinkFaults: Sendable {
    /// Bytes of the upload that arrive before the line dies.
    public var upBytes: Int?
    /// Bytes of the answer that arrive before the line dies; 0 drops the answer.
    public var downBytes: Int?
    /// Each frame of the upload but the hello arrives twice.
    public var doubles = false

    public init(upBytes: Int? = nil, downBytes: Int? = nil, doubles: Bool = false) {
        self.upBytes = upBytes
        self.downBytes = downBytes
        self.doubles = doubles
    }
}

/// A line between a child and its parent: real sessions and stores, frames as bytes, no sockets.
public final class Link {
    public let child: Party
    public let parent: Party
    /// What was sent in each request so far, whole, to be replayed.
    public private(set) var captured: [[UInt8]] = []
    /// Bytes that the last request meant to send, and its answer.
    public private(set) var lastUp = 0
    public private(set) var lastDown = 0
    /// Called after each frame that the parent took.
    public var onFrame: () throws -> Void = {}
    /// Called after each frame that the child took.
    public var onAnswer: () throws -> Void = {}
    public var frameBytes = Limits.frameBytes
    public var requestBytes: Int64 = 32 << 20

    public init(_ child: Party, _ parent: Party) {
        self.child = child
        self.parent = parent
    }

    /// A sync as `SyncRunner` does it: requests until agreement or until nothing moves. Faults hit the first request.
    @discardableResult
    public func sync(_ faults: LinkFaults = LinkFaults()) throws -> ClientSession {
        let session = ClientSession(
            store: child.store, node: child.own.node, epoch: child.own.epoch, region: child.own.region,
            parent: parent.own.node, parentRegion: parent.own.region, memory: child.memory,
            requestBytes: requestBytes, frameBytes: frameBytes)
        var faults = faults
        for _ in 0..<50 {
            child.memory.unanswered = true
            let step = try request(session, faults)
            child.memory = session.memory
            let wasFaulty = faults.upBytes != nil || faults.downBytes != nil
            faults = LinkFaults()
            if step == .agreed || step == .stuck || (step == .cut && wasFaulty) { break }
        }
        try child.keyring.settle()
        return session
    }

    /// One request. Throws what a session throws.
    public func request(_ session: ClientSession, _ faults: LinkFaults = LinkFaults()) throws -> ClientSession.Step {
        let server = try ServerSession(
            store: parent.store,
            child: .init(node: child.own.node, epoch: child.own.epoch, region: child.own.region),
            serverRegion: parent.own.region)
        var up = Pipe(limit: faults.upBytes)
        var down = Pipe(limit: faults.downBytes)
        var body: [UInt8] = []
        var next: Frame? = try session.begin()
        var isFirst = true
        while let frame = next, !up.isDead {
            let bytes = try frame.encoded(level: 1)
            body += bytes
            for _ in 0..<(faults.doubles && !isFirst ? 2 : 1) {
                for arrived in try up.carry(bytes) {
                    for answer in try server.receive(arrived) { try give(answer, to: session, &down) }
                    try onFrame()
                }
            }
            isFirst = false
            next = try session.nextUp()
        }
        captured.append(body)
        if !up.isDead { while let frame = try server.nextDown() { try give(frame, to: session, &down) } }
        (lastUp, lastDown) = (up.sent, down.sent)
        try parent.keyring.settle()
        return try session.finish()
    }

    private func give(_ frame: Frame, to session: ClientSession, _ down: inout Pipe) throws {
        for arrived in try down.carry(try frame.encoded(level: 1)) {
            try session.receive(arrived)
            try onAnswer()
        }
    }

    /// An old request arrives again, long after; nobody hears the answer.
    public func replay(_ body: [UInt8]) throws {
        let server = try ServerSession(
            store: parent.store,
            child: .init(node: child.own.node, epoch: child.own.epoch, region: child.own.region),
            serverRegion: parent.own.region)
        let reader = try FrameReader()
        try reader.feed(body)
        while let frame = try reader.next() { _ = try server.receive(frame) }
        while try server.nextDown() != nil {}
    }
}

/// One direction of a line: bytes in, whole frames out, until it dies.
private struct Pipe {
    private let reader: FrameReader?
    private var left: Int?
    private(set) var sent = 0
    private(set) var isDead = false

    init(limit: Int?) {
        left = limit
        reader = try? FrameReader(limit: Int.max)
    }

    mutating func carry(_ bytes: [UInt8]) throws -> [Frame] {
        guard !isDead, let reader else { return [] }
        let arriving = bytes.prefix(left ?? bytes.count)
        sent += bytes.count
        if let left {
            self.left = left - arriving.count
            isDead = arriving.count < bytes.count
        }
        var frames: [Frame] = []
        try reader.feed(arriving)
        while let frame = try reader.next() { frames.append(frame) }
        return frames
    }
}
