import Event
import Foundation
import Logging
import Node
import ServiceLifecycle
import Store
import Synchronization

/// Waits until the folder of an opened node has gone on to another epoch (`protocol/04-session.md`, "Succeeding"), which
/// another process may have opened. A program that runs for weeks then has to open its node again.
public final class EpochWatch: Service {
    private let node: Node
    private let left = Mutex(false)
    /// How often to look.
    static let interval = Duration.seconds(1)

    public init(_ node: Node) { self.node = node }

    /// Whether the wait ended with another epoch, and not because it was cancelled.
    public var hasLeft: Bool { left.withLock { $0 } }

    /// Returns once the epoch is left, or the task is cancelled or asked to stop.
    public func run() async {
        await cancelWhenGracefulShutdown { await self.wait() }
    }

    private func wait() async {
        let disk = Blocking(label: "simpul.epoch", serial: true)
        let (folder, own) = (node.folder, node.own.epoch.description)
        while !Task.isCancelled {
            // A configuration that cannot be read now is being replaced, or is reported by whoever needs it.
            let epoch = try? await disk.run { try NodeConfiguration.load(folder).epoch }
            if let epoch, epoch != own {
                node.logger.notice("this node goes on under its new epoch", metadata: ["epoch": "\(epoch)"])
                return left.withLock { $0 = true }
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }
}
