import ArgumentParser
import Foundation
import Hummingbird
import Logging
import Node
import Server
import ServiceLifecycle

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

    func run<Context: RequestContext>(
        _ router: Router<Context>, node: Node, services: [any Service], countsSources: Bool = true
    ) async throws where Context.Source == ApplicationRequestContextSource {
        var settings = HTTPServer.Settings(
            host: host, port: port, certificate: certificate, privateKey: privateKey, allowsPlain: allowPlain)
        settings.countsSources = countsSources
        let server = try HTTPServer(settings: settings, logger: node.logger)
        OpenFiles.raise()
        let scheme = certificate == nil ? "http" : "https"
        let (host, portFile) = (host, portFile)
        let application = try server.application(router, services: services) { port in
            node.logger.info("listening", metadata: ["address": "\(scheme)://\(host):\(port)"])
            if let portFile { _ = FileManager.default.createFile(atPath: portFile, contents: Data("\(port)\n".utf8)) }
        }
        try await application.runService()
    }
}
