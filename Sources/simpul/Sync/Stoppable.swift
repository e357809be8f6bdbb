import Logging
import ServiceLifecycle
import UnixSignals

/// Runs work until it ends or the program is asked to stop with SIGTERM or SIGINT, which cancels it.
struct Stoppable {
    let logger: Logger

    private struct Work: Service {
        let body: @Sendable () async throws -> Void

        func run() async throws {
            try await cancelWhenGracefulShutdown {
                try await body()
            }
        }
    }

    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .error)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: Work(body: body), successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        do {
            try await group.run()
        } catch is CancellationError {
            // Asked to stop: the caller sees by what was done how far it came.
        }
    }
}
