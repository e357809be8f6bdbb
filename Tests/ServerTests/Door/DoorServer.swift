import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Store
import TestKit

@testable import Node
@testable import Server

/// All that a centre listens to, behind its door, on a free port of loopback.
struct DoorServer: Sendable {
    static let password = "sawah hijau di kaki gunung"

    let node: TestNode
    let accounts: Accounts
    let port: Int

    static func run(
        sessions: Int = 32, pace: @escaping @Sendable (RequestFamily) -> RateLimit.Pace = { $0.pace },
        _ body: @escaping @Sendable (DoorServer) async throws -> Void
    ) async throws {
        // Both ends of each connection are in this process.
        OpenFiles.raise()
        let node = try TestNode.centre(now: PageWorld.now)
        _ = try node.node.project()
        let accounts = try PageWorld(node).accounts
        try accounts.add(name: "arif", secret: password, role: "analyst")
        let router = Router(context: Visit.self)
        let blocking = Blocking(label: "test.door")
        SyncEndpoint(node: node.node, blocking: blocking, gate: Gate(limit: sessions), onLines: {}).register(on: router)
        EnrolEndpoint(node: node.node, blocking: blocking, onLines: {}).register(on: router)
        let pages = try Pages(node: node.node, blocking: blocking, accounts: accounts)
        QueryEndpoint(
            node: node.node, authority: AccountAuthority(accounts: accounts, pages: pages), blocking: blocking
        ).register(on: router)
        // What nobody foresaw.
        router.get("/rusak") { _, _ -> Response in throw Surprise() }
        try pages.register(on: router)
        var settings = HTTPServer.Settings(
            host: "127.0.0.1", port: 0, certificate: nil, privateKey: nil, allowsPlain: false)
        settings.pace = pace
        let server = try HTTPServer(settings: settings, logger: .quiet)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let application = try server.application(router) { listening.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            var iterator = ports.makeAsyncIterator()
            if let port = await iterator.next() {
                try await body(DoorServer(node: node, accounts: accounts, port: port))
            }
            group.cancelAll()
        }
    }

    private struct Surprise: Error, CustomStringConvertible { var description: String { "select * from secrets" } }

    /// Sends these bytes on a connection of their own and reads until the server closes.
    ///
    /// - Parameter head: request line and headers without `Host` and `Connection`.
    func send(
        _ head: String..., host: String? = "localhost", body: String = "", within seconds: Double = 20
    ) async throws -> RawAnswer {
        var lines = head
        if let host { lines.append("Host: \(host)") }
        lines.append("Connection: close")
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
        let port = port
        return try await offPool {
            let socket = try Socket(port: port)
            socket.send(text)
            return RawAnswer(socket.receiveAll(within: seconds))
        }
    }

    func ask(_ name: String, _ password: String) async throws -> RawAnswer {
        let basic = Data("\(name):\(password)".utf8).base64EncodedString()
        return try await send("GET /q/v1/models HTTP/1.1", "Authorization: Basic \(basic)")
    }
}
