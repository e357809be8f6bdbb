import ArgumentParser
import Foundation
import Hummingbird
import Logging
import NIOCore
import Node
import Server
import ServiceLifecycle
import Store
import Synchronization
import UnixSignals

/// Where a server listens, and under which certificate.
struct ListenOptions: ParsableArguments {
    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 8443

    @Option(help: "Certificate chain (PEM).")
    var certificate: String?

    @Option(help: "Private key of the certificate (PEM).")
    var privateKey: String?

    @Flag(help: "Allow plain HTTP on an address that is not loopback.")
    var allowPlain = false

    @Option(help: "Write the port into this file once the server listens.")
    var portFile: String?

    func validate() throws {
        guard 0...65_535 ~= port else { throw ValidationError("--port is 0 to 65535.") }
    }

    /// Serves until the program is asked to stop. Where the node's folder goes on to another epoch meanwhile, what is
    /// under way is finished, and all of it is opened again, at the same port.
    ///
    /// - Parameter parts: makes what serves an opened node.
    func serve<Context: RequestContext>(
        _ folder: FolderOption, countsSources: Bool = true,
        parts: (Node) throws -> (router: Router<Context>, services: [any Service])
    ) async throws where Context.Source == ApplicationRequestContextSource {
        OpenFiles.raise()
        var listening = self
        var hasLeft = false
        repeat {
            let node = try folder.open()
            let (router, services) = try parts(node)
            let watch = EpochWatch(node)
            listening.port = try await listening.run(router, node, services + [watch], countsSources: countsSources)
            hasLeft = watch.hasLeft
            try node.close()
        } while hasLeft
    }

    /// - Returns: the port it listened on.
    private func run<Context: RequestContext>(
        _ router: Router<Context>, _ node: Node, _ services: [any Service], countsSources: Bool
    ) async throws -> Int where Context.Source == ApplicationRequestContextSource {
        var settings = HTTPServer.Settings(
            host: host, port: port, certificate: certificate, privateKey: privateKey, allowsPlain: allowPlain)
        settings.countsSources = countsSources
        let server = try HTTPServer(settings: settings, logger: node.logger)
        let scheme = certificate == nil ? "http" : "https"
        let (host, portFile) = (host, portFile)
        let taken = Mutex(port)
        let application = try server.application(router) { port in
            taken.withLock { $0 = port }
            node.logger.info(
                "listening",
                metadata: ["address": "\(scheme)://\(host):\(port)", "epoch": "\(node.own.epoch)"])
            if let portFile { _ = FileManager.default.createFile(atPath: portFile, contents: Data("\(port)\n".utf8)) }
        }
        // The watch ends by itself when all is to be opened again; the application goes first, as it uses the others.
        let group = ServiceGroup(
            configuration: .init(
                services: (services + [application]).map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                }, gracefulShutdownSignals: [.sigterm, .sigint], logger: node.logger))
        do {
            try await group.run()
        } catch let error as IOError where [EADDRINUSE, EACCES, EADDRNOTAVAIL].contains(error.errnoCode) {
            throw NodeError(
                .unreachable, "cannot listen on \(host):\(port): \(String(cString: strerror(error.errnoCode)))",
                advice: "it may be running already; else choose another --port")
        }
        return taken.withLock { $0 }
    }
}
