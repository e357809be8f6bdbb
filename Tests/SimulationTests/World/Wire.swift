import Event
import Store
import Sync

/// What goes wrong with one request.
struct WireFaults {
    /// Bytes of the upload, and of the answer, that arrive before the line dies.
    var upBytes: Int?
    var downBytes: Int?
    /// Each frame but the hello arrives twice.
    var doubles = false
    /// Decoded bytes of a frame and of a request: small ones make many of a few lines.
    var frameBytes = Limits.frameBytes
    var requestBytes: Int64 = 32 << 20
}

/// A line between a child and a parent: real sessions and stores, frames as bytes, no sockets.
struct Wire {
    let child: Machine
    let parent: Machine

    init(_ child: Machine, _ parent: Machine) { (self.child, self.parent) = (child, parent) }

    /// A receipt just left the parent.
    var onReceipt: (Receipt) throws -> Void = { _ in }

    struct Outcome {
        var agreed = false
        var moved = false
        var lines = 0
        var refused: [LogName: RefusedRecord] = [:]
    }

    /// Whether the parent lets the child in: what `SyncEndpoint` looks at before a session.
    func isLetIn() throws -> Bool {
        let own = try child.own
        guard let known = try parent.store.enrolment(node: own.node, epoch: own.epoch), known.enrolment == own else {
            return false
        }
        let parentRegion = try parent.own.region
        return known.revoked == nil && own.region.isAtOrBelow(parentRegion) && own.node != parent.node
    }

    /// Requests until both agree or nothing moves. Faults hit the first of them.
    @discardableResult
    func sync(_ faults: WireFaults = WireFaults()) throws -> Outcome {
        var outcome = Outcome()
        guard try isLetIn() else { return outcome }
        let own = try child.own
        let session = ClientSession(
            store: child.store, node: own.node, epoch: own.epoch, region: own.region,
            parent: parent.node, parentRegion: try parent.own.region, memory: child.memory[parent.node] ?? .init(),
            requestBytes: faults.requestBytes, frameBytes: faults.frameBytes)
        var faults = faults
        for _ in 0..<40 {
            child.memory[parent.node] = session.memory
            child.memory[parent.node]?.unanswered = true
            let step = try request(session, faults)
            child.memory[parent.node] = session.memory
            let wasFaulty = faults.upBytes != nil || faults.downBytes != nil
            faults.upBytes = nil
            faults.downBytes = nil
            if session.moved { outcome.moved = true }
            if step == .agreed { outcome.agreed = true }
            if step == .agreed || step == .stuck || (step == .cut && wasFaulty) { break }
        }
        if outcome.agreed { try child.store.noteHeard(parent.node) }
        outcome.lines = session.tally.linesUp + session.tally.linesDown
        outcome.refused = session.refusals
        return outcome
    }

    private func request(_ session: ClientSession, _ faults: WireFaults) throws -> ClientSession.Step {
        let own = try child.own
        let server = try ServerSession(
            store: parent.store, child: .init(node: own.node, epoch: own.epoch, region: own.region),
            serverRegion: try parent.own.region)
        var up = Pipe(limit: faults.upBytes)
        var down = Pipe(limit: faults.downBytes)
        var next: Frame? = try session.begin()
        var isFirst = true
        while let frame = next, !up.isDead {
            for _ in 0..<(faults.doubles && !isFirst ? 2 : 1) {
                for arrived in try up.carry(frame) {
                    for answer in try server.receive(arrived) {
                        try look(at: answer)
                        try give(answer, to: session, &down)
                    }
                }
            }
            isFirst = false
            next = try session.nextUp()
        }
        if !up.isDead {
            while let frame = try server.nextDown() {
                try look(at: frame)
                try give(frame, to: session, &down)
            }
        }
        if server.holdsAllOfClient { try parent.store.noteHeard(own.node) }
        return try session.finish()
    }

    private func look(at frame: Frame) throws {
        guard case .control(let records) = frame else { return }
        for record in records where record["receipt"] != nil { try onReceipt(Receipt(json: record)) }
    }

    private func give(_ frame: Frame, to session: ClientSession, _ down: inout Pipe) throws {
        for arrived in try down.carry(frame) { try session.receive(arrived) }
    }
}

/// One direction of a line: frames in, whole frames out, until it dies at a byte.
private struct Pipe {
    private var left: Int?
    private(set) var isDead = false

    init(limit: Int?) { left = limit }

    mutating func carry(_ frame: Frame) throws -> [Frame] {
        guard !isDead else { return [] }
        let bytes = try frame.encoded(level: 1)
        guard let left else { return try Self.read(bytes[...]) }
        self.left = left - min(left, bytes.count)
        isDead = left < bytes.count
        return isDead ? try Self.read(bytes.prefix(left)) : try Self.read(bytes[...])
    }

    /// As the other side reads it: a frame that is cut never comes out.
    private static func read(_ bytes: ArraySlice<UInt8>) throws -> [Frame] {
        let reader = try FrameReader(limit: Int.max)
        try reader.feed(bytes)
        var frames: [Frame] = []
        while let frame = try reader.next() { frames.append(frame) }
        return frames
    }
}
