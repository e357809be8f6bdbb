import Logging
import Node
import ReadModels
import ServiceLifecycle
import Store
import Synchronization

/// Keeps the read models up to what was received: one run at a time, started by a signal, never lost.
///
/// It also looks by itself whether lines came in through another process: a sync, an import, a record made with
/// the command.
public final class Projector: Service {
    /// How often to look for lines of other processes.
    static let interval = Duration.seconds(2)

    private let node: Node
    private let blocking: Blocking
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let isBehind = Mutex(false)

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
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.watch() }
            for await _ in signals.cancelOnGracefulShutdown() { await project() }
            group.cancelAll()
        }
    }

    private func project() async {
        do {
            let node = self.node
            let isBuilding = try await blocking.run {
                // Keys that came are opened, orders to erase obeyed: before what is derived from them is shown.
                try node.settle()
                // Kept open: this process is their writer from now on.
                _ = try node.models
                try node.project()
                try node.completeErasures()
                try node.handOver()
                return try node.buildModels() ?? false
            }
            if isBuilding { signal() }
        } catch ReadModelError.locked {
            // A command has them for a moment. The look-out below tries again.
            isBehind.withLock { $0 = true }
        } catch {
            // The models stay where they were and the look-out below tries again; receiving goes on.
            isBehind.withLock { $0 = true }
            node.logger.error("read models", metadata: ["reason": "\(error)"])
        }
    }

    private func watch() async {
        var seen: Int64?
        var versions = 0
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.interval)
                let node = self.node
                let (size, files) = try await blocking.run { (try node.store.intakeSize(), node.modelFilesMark) }
                let isBehind = isBehind.withLock { isBehind in
                    defer { isBehind = false }
                    return isBehind
                }
                // The first look signals too: lines may have come between the start and now.
                if isBehind || seen != size || versions != files { signal() }
                (seen, versions) = (size, files)
            } catch {
                // Cancelled, or the disk is busy: looked at again next time.
                continue
            }
        }
    }
}
