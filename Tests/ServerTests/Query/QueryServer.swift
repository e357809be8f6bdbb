import Event
import Foundation
import Hummingbird
import Logging
import Node
import Server
import Store
import TestKit

/// A centre with some departures behind the real server, on a free port of loopback.
///
/// In August 2026 two people left Lontar, one of them on a tourist visa, and one left Domas; in September one left
/// Lontar. A laptop of Lontar is enrolled and has not been heard of.
struct QueryServer: Sendable {
    static let lontar = "36.04.13.2007"
    static let domas = "36.04.12.2003"

    /// What a centre can be made to know beside its few departures.
    struct Knowledge: Sendable {
        let record: @Sendable (Node) throws -> Void

        static let nothing = Knowledge { _ in }
        static let everything = Knowledge { try Everything(node: $0).record() }
    }

    let node: Node
    let port: Int

    /// Runs a body while the server listens.
    ///
    /// - Parameters:
    ///   - more: what else the centre knows, before it is asked.
    ///   - catalogue: files installed in its catalogue, by path.
    static func run(
        knowing more: Knowledge = .nothing, catalogue: [String: String] = [:],
        _ body: @escaping @Sendable (QueryServer) async throws -> Void
    ) async throws {
        let folder = try TestFolder("query")
        let node = try centre(NodeFolder(path: folder.path), catalogue: catalogue)
        try more.record(node)
        try node.project()
        let router = Router()
        QueryEndpoint(node: node, authority: TestAuthority(), blocking: Blocking(label: "test.query")).register(
            on: router)
        var logger = Logger(label: "test")
        // Connections that the client keeps are cut at the end: not worth a line.
        logger.logLevel = .critical
        let server = try HTTPServer(
            settings: .init(host: "127.0.0.1", port: 0, certificate: nil, privateKey: nil, allowsPlain: false),
            logger: logger)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let application = try server.application(router) { listening.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            if let port = await iterator.next() { try await body(QueryServer(node: node, port: port)) }
            group.cancelAll()
        }
        try node.close()
    }

    private static func centre(_ folder: NodeFolder, catalogue: [String: String]) throws -> Node {
        try NodeSetup.makeCentre(
            folder: folder, node: try NodeName("pusat"), edition: "2025-2430", timeZone: "Asia/Jakarta")
        for (path, text) in catalogue {
            let file = URL(fileURLWithPath: folder.catalogue).appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let village = NodeKeys().enrolment(
            node: try NodeName("lontar-a"), region: try RegionCode(lontar), edition: "2025-2430", role: .village)
        let june = Date(timeIntervalSince1970: 1_780_500_000)
        let earlier = try Node(folder: folder, now: { june })
        try earlier.recordEnrolment(village)
        try earlier.close()
        // A day on which both months are over.
        let october = Date(timeIntervalSince1970: 1_791_000_000)
        let node = try Node(folder: folder, now: { october })
        try node.recorder.record([
            departure("2026-08-05", visa: "work", from: lontar), departure("2026-08-19", visa: "tourist", from: lontar),
            departure("2026-08-20", visa: "work", from: domas), departure("2026-09-02", visa: "work", from: lontar),
        ])
        try node.project()
        return node
    }

    static func departure(_ day: String, visa: String, from village: String) throws -> Draft {
        Draft(
            type: "departure.recorded",
            data: [
                "person_id": .string(UUID().uuidString.lowercased()),
                "episode_id": .string(UUID().uuidString.lowercased()), "left_on": .string(day), "country": "TW",
                "sector": "elder_care", "visa": .string(visa), "legal_status": "procedural", "escort": "p3mi",
                "evidence": "family",
            ], actor: "co-3f9a1c20", role: "community_organizer", audience: try RegionCode(village))
    }
}

/// People who may see everything, one village's part of it, and counts; and one who may ask nothing.
struct TestAuthority: QueryAuthority {
    static let password = "kata sandi: panjang"
    let sessionCookie: String? = "simpul-session"

    func verify(name: String, password: String) throws -> QueryVerdict {
        guard name != "terkunci" else { return .wait(seconds: 30) }
        guard password == Self.password, let reader = try reader(name) else { return .wrong }
        return .welcome(reader)
    }

    func reader(cookies: String) throws -> QueryReader? {
        cookies.contains("simpul-session=analis") ? try reader("analis") : nil
    }

    /// `ROLE@REGION` is someone of that role and region; with `!` at the end also a village official.
    private func made(_ name: String) throws -> QueryReader? {
        let parts = name.split(whereSeparator: { "@!".contains($0) }).map(String.init)
        guard parts.count == 2 else { return nil }
        return QueryReader(
            name: name, role: parts[0], region: try RegionCode(parts[1]),
            actor: name.replacing("!", with: ".official"), isVillageOfficial: name.hasSuffix("!"))
    }

    private func reader(_ name: String) throws -> QueryReader? {
        switch name {
        // An officer for all regions: what is asked here is not about roles.
        case "analis": QueryReader(name: name, role: "hub_officer", region: .nation)
        case "lontar": QueryReader(name: name, role: "hub_officer", region: try RegionCode(QueryServer.lontar))
        case "mitra": QueryReader(name: name, role: "partner_viewer", region: .nation)
        case "junali": QueryReader(name: name, role: "community_organizer", region: try RegionCode(QueryServer.lontar))
        default: try made(name)
        }
    }
}
