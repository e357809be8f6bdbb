import Logging
import Node
import ServiceLifecycle

/// Forgets names once the node is locked, by whomever or because nobody used it.
struct AutoLock: Service {
    /// How often to look. The key itself is out of reach from the moment its time is up.
    static let interval = Duration.seconds(5)

    let site: Site

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: Self.interval)
                    let site = self.site
                    try await site.blocking.run {
                        if try site.node.vault.state() == .locked { site.forgetNames() }
                    }
                } catch is CancellationError {
                    return
                } catch {
                    site.node.logger.error("auto-lock", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
