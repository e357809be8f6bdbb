import Event
import Node
import Store
import Sync

/// A line between two whole nodes: real sessions and stores, frames as bytes, no sockets. It can be cut after so many
/// bytes down.
public final class NodeLink {
    public let child: Node
    public let parent: Node
    private var memory = ClientSession.Memory()
    /// Whether the parent knows of early lines, and how many bytes of them the child wants.
    public var isEarlyServer = true
    public var earlyBytes: Int64 = 768 << 10
    /// Decoded bytes of lines that the child wants in one answer.
    public var requestBytes: Int64 = 32 << 20
    private var random = SeededGenerator(seed: 1)
    /// Compressed bytes down in all requests so far, without HTTP and TLS.
    public private(set) var down = 0
    /// Frames that came down whole, decoded.
    public private(set) var frames: [Frame] = []
    /// Takes the place of a frame that goes down.
    public var onDown: (Frame) throws -> Frame = { $0 }
    /// Called after each frame that the child took.
    public var onAnswer: () throws -> Void = {}

    public init(_ child: Node, _ parent: Node) {
        self.child = child
        self.parent = parent
    }

    /// Requests until both agree, nothing moves, or `requests` are made.
    ///
    /// - Parameter cut: bytes down after which each request is cut.
    @discardableResult
    public func sync(cut: Int? = nil, requests: Int = 20) throws -> ClientSession {
        let session = ClientSession(
            store: child.store, node: child.own.node, epoch: child.own.epoch, region: child.own.region,
            parent: parent.own.node, parentRegion: parent.own.region, memory: memory, requestBytes: requestBytes)
        session.earlyBytes = earlyBytes
        for _ in 0..<requests {
            let step = try request(session, cut: cut)
            memory = session.memory
            try child.settle()
            try parent.settle()
            if step == .agreed || step == .stuck { break }
        }
        return session
    }

    private func request(_ session: ClientSession, cut: Int?) throws -> ClientSession.Step {
        let server = try ServerSession(
            store: parent.store,
            child: .init(node: child.own.node, epoch: child.own.epoch, region: child.own.region),
            serverRegion: parent.own.region, early: isEarlyServer ? EarlyPersons(parent) : nil)
        server.firstShare = Int.random(in: 0..<1_000, using: &random)
        var left = cut ?? .max
        let reader = try FrameReader(limit: Int.max)
        func give(_ frame: Frame) throws {
            let bytes = try onDown(frame).encoded(level: 6)
            let arriving = bytes.prefix(max(0, left))
            left -= arriving.count
            down += arriving.count
            guard arriving.count == bytes.count else { return }
            try reader.feed(arriving)
            while let arrived = try reader.next() {
                frames.append(arrived)
                try session.receive(arrived)
                try onAnswer()
            }
        }
        var next: Frame? = try session.begin()
        while let frame = next {
            for answer in try server.receive(frame) { try give(answer) }
            next = try session.nextUp()
        }
        while left > 0, let frame = try server.nextDown() { try give(frame) }
        return try session.finish()
    }

    /// References of the early lines that came, in order.
    public var earlyCame: [String] {
        frames.flatMap { frame in
            guard case .control(let records) = frame else { return [String]() }
            return records.compactMap { $0["early"]?.stringValue }
        }
    }
}
