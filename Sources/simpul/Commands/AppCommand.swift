import ArgumentParser
import Foundation
import Hummingbird
import Logging
import Node
import Server
import ServiceLifecycle
import Store

struct AppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app",
        abstract: "The village app, on this laptop: record, look up, see how far everything has come. / Aplikasi desa.",
        discussion: """
            simpul app
            Then open http://127.0.0.1:8480/ in a browser. The first start asks for a PIN. Only this laptop can reach it.
            """)

    @OptionGroup var folder: FolderOption

    @Option(help: "Address to listen on; only loopback.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 8480

    @Option(help: "Write the port into this file once the app listens.")
    var portFile: String?

    func validate() throws {
        guard 0...65_535 ~= port else { throw ValidationError("--port is 0 to 65535.") }
    }

    func run() async throws {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw NodeError(
                .badInput, "the app shows names without encryption on the way; it listens on this laptop only",
                advice: "leave --host out, or give 127.0.0.1")
        }
        var listening = ListenOptions()
        (listening.host, listening.port, listening.portFile) = (host, port, portFile)
        // All of them: an option that the parser did not set cannot be read.
        (listening.certificate, listening.privateKey, listening.allowPlain) = (nil, nil, false)
        try await listening.serve(folder, countsSources: false) { node in
            guard node.own.role == .village else {
                throw NodeError(
                    .badInput, "\(node.own.node) is a \(node.own.role.rawValue)", advice: "run simpul serve")
            }
            let projector = Projector(node: node)
            let blocking = Blocking(label: "simpul.app")
            let router = Router(context: Visit.self)
            let pages = try Pages(
                node: node, blocking: blocking, accounts: node.accounts, options: .loopback,
                onLines: { projector.signal() })
            try pages.register(on: router)
            return (router, [projector] + pages.services)
        }
    }
}
