import Logging
import Node
import ServiceLifecycle

/// Keeps the read models up to what was received: one run at a time, started by a signal, never lost.
public struct Projector: Service {
    private let node: Node
    private let blocking: Blocking
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init(node: Node) {
        self.node = node
        blocking = Blocking(label: "simpul.project", serial: true)
        // One waiting signal is enough: a run takes everything there is.
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells that there may be new lines.
    public func signal() { continuation.yield() }

    public func run() async throws {
        signal()
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                let node = self.node
                _ = try await blocking.run { try node.project() }
            } catch {
                // The models stay where they were and are tried again with the next lines; receiving goes on.
                node.logger.error("read models", metadata: ["reason": "\(error)"])
            }
        }
    }
}
