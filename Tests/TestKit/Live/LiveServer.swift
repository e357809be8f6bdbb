import Foundation
import Hummingbird
import Logging
import NIOCore
import Node
import Server

/// The real HTTP server of a node on a free port, in this process.
public final class LiveServer: Sendable {
    public struct Options: Sendable {
        public var certificate: Certificate?
        public var sessions = 32
        package var limits = SyncLimits()
        package var deadlines = RequestDeadline.Limits()
        package var idle = TimeAmount.seconds(60)
        /// Bytes of the disk that attachments leave free.
        public var blobReserve: Int64 = 0
        /// Keeps the read models up to what comes in.
        public var projects = false

        public init(certificate: Certificate? = nil) { self.certificate = certificate }
    }

    public let port: Int
    public let url: String
    private let serving: Task<Void, any Error>

    public init(_ node: Node, _ options: Options = Options()) async throws {
        let blocking = Blocking(label: "test.serve")
        let projector = options.projects ? Projector(node: node) : nil
        let router = Router()
        SyncEndpoint(
            node: node, blocking: blocking, gate: Gate(limit: options.sessions), limits: options.limits,
            onLines: { projector?.signal() }
        ).register(on: router)
        let blobs = BlobStore(folder: node.folder.path + "/blobs", reserve: options.blobReserve)
        AttachmentEndpoint(node: node, blobs: blobs, blocking: blocking, gate: Gate(limit: options.sessions))
            .register(on: router)
        EnrolEndpoint(node: node, blocking: blocking, onLines: { projector?.signal() }).register(on: router)
        var settings = HTTPServer.Settings(
            host: "127.0.0.1", port: 0, certificate: options.certificate?.file, privateKey: options.certificate?.key,
            allowsPlain: false)
        (settings.deadlines, settings.idle) = (options.deadlines, options.idle)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = try HTTPServer(settings: settings, logger: .quiet).application(
            router, services: projector.map { [$0] } ?? []
        ) { port in
            announce.yield(port)
        }
        serving = Task {
            defer { announce.finish() }
            try await application.runService(gracefulShutdownSignals: [])
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await serving.value
            throw CocoaError(.featureUnsupported)
        }
        self.port = port
        url = "\(options.certificate == nil ? "http" : "https")://127.0.0.1:\(port)"
    }

    deinit { serving.cancel() }

    /// Closes every connection and frees the port.
    public func stop() async {
        serving.cancel()
        // It was told to stop: how it ends is of no interest.
        _ = try? await serving.value
    }
}

extension Logger {
    /// A log that says nothing.
    public static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
