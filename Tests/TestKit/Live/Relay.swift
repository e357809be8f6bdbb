import Foundation
import Synchronization

/// Stands between a client and a server: records what passes, and cuts the line where it is told to.
public final class Relay: Sendable {
    private struct State {
        var target: Int
        var cutUpAfter: Int?
        var cutDownAfter: Int?
        /// Whether every connection is cut, and not the next one only.
        var isLasting = false
        var mayCut: @Sendable () -> Bool = { true }
        var up: [[UInt8]] = []
        var down: [[UInt8]] = []
        var cuts = 0
    }

    private final class Shared: Sendable {
        let state: Mutex<State>
        let onCut: @Sendable () -> Void

        init(_ target: Int, onCut: @escaping @Sendable () -> Void) {
            state = Mutex(State(target: target))
            self.onCut = onCut
        }
    }

    private let shared: Shared
    private let listener: Listener

    /// - Parameter onCut: called when the line was cut, before anything else is let through.
    public init(to port: Int, onCut: @escaping @Sendable () -> Void = {}) throws {
        let shared = Shared(port, onCut: onCut)
        self.shared = shared
        listener = try Listener { Self.carry($0, shared) }
    }

    public var port: Int { listener.port }
    public var url: String { listener.url }
    public var cuts: Int { shared.state.withLock { $0.cuts } }

    /// Everything that went each way so far, connection after connection.
    public var recorded: (up: [[UInt8]], down: [[UInt8]]) { shared.state.withLock { ($0.up, $0.down) } }

    public func retarget(_ port: Int) { shared.state.withLock { $0.target = port } }

    /// Cuts the next connection after so many bytes in a direction; once.
    ///
    /// - Parameter once: what must be so, while nothing more passes, before the line is cut; it is waited for.
    public func cut(upAfter up: Int? = nil, downAfter down: Int? = nil, once: @escaping @Sendable () -> Bool = { true })
    {
        shared.state.withLock {
            ($0.cutUpAfter, $0.cutDownAfter, $0.mayCut, $0.isLasting) = (up, down, once, false)
        }
    }

    /// Cuts every connection after so many bytes in a direction, until told otherwise.
    public func cutEach(upAfter up: Int? = nil, downAfter down: Int? = nil) {
        shared.state.withLock { ($0.cutUpAfter, $0.cutDownAfter, $0.mayCut, $0.isLasting) = (up, down, { true }, true) }
    }

    private static func carry(_ client: Socket, _ shared: Shared) {
        guard let server = try? Socket(port: shared.state.withLock({ $0.target })) else {
            client.abort()
            return
        }
        let index = shared.state.withLock { state in
            state.up.append([])
            state.down.append([])
            return state.up.count - 1
        }
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            pass(from: server, to: client, shared, \.down[index], \.cutDownAfter)
            done.signal()
        }
        pass(from: client, to: server, shared, \.up[index], \.cutUpAfter)
        done.wait()
    }

    private static func pass(
        from source: Socket, to sink: Socket, _ shared: Shared, _ record: WritableKeyPath<State, [UInt8]>,
        _ limit: WritableKeyPath<State, Int?>
    ) {
        while let bytes = source.receive(within: 600), !bytes.isEmpty {
            var allowed = bytes.count
            let isCut = shared.state.withLock { state in
                if let left = state[keyPath: limit] {
                    allowed = min(allowed, max(0, left - state[keyPath: record].count))
                }
                state[keyPath: record] += bytes.prefix(allowed)
                guard allowed < bytes.count else { return false }
                if !state.isLasting { (state.cutUpAfter, state.cutDownAfter) = (nil, nil) }
                state.cuts += 1
                return true
            }
            sink.send(bytes.prefix(allowed))
            guard isCut else { continue }
            let end = ContinuousClock.now + .seconds(20)
            let mayCut = shared.state.withLock { $0.mayCut }
            while !mayCut(), ContinuousClock.now < end { usleep(1_000) }
            shared.onCut()
            source.abort()
            sink.abort()
            return
        }
        sink.finishSending()
    }
}
