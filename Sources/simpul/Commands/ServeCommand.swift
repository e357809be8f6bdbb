import ArgumentParser
import Foundation
import Hummingbird
import Logging
import Node
import Server
import ServiceLifecycle
import Store

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Receive from the nodes below, keep read models up to date, answer queries and show pages.",
        discussion: "For a hub or the centre. Stops cleanly on SIGTERM and SIGINT.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var listening: ListenOptions

    @Option(help: "Sync sessions at once; others are asked to come back.")
    var sessions = 32

    func run() async throws {
        let (sessions, isSecure) = (sessions, listening.certificate != nil)
        try await listening.serve(folder) { node in
            guard node.own.role != .village else {
                throw NodeError(
                    .badInput, "\(node.own.node) is a village: nobody is below it", advice: "run simpul app")
            }
            let projector = Projector(node: node)
            let blocking = Blocking(label: "simpul.serve")
            let router = Router(context: Visit.self)
            let gate = Gate(limit: sessions)
            SyncEndpoint(node: node, blocking: blocking, gate: gate, onLines: { projector.signal() })
                .register(on: router)
            AttachmentEndpoint(node: node, blocking: blocking, gate: gate).register(on: router)
            EnrolEndpoint(node: node, blocking: blocking, onLines: { projector.signal() }).register(on: router)
            // One for both: what waits its turn to be checked is counted in it.
            let accounts = node.accounts
            let pages = try Pages(
                node: node, blocking: blocking, accounts: accounts, options: .init(isSecure: isSecure),
                onLines: { projector.signal() })
            let authority = AccountAuthority(accounts: accounts, pages: pages)
            QueryEndpoint(node: node, authority: authority, blocking: blocking).register(on: router)
            try pages.register(on: router)
            return (router, [projector] + pages.services)
        }
    }
}
