import Catalogue
import Event
import Foundation
import Logging
import Node
import Store
import Transport

/// A centre and a hub that serve for real, and villages that join and sync over their sockets.
public final class LiveWorld: Sendable {
    public let centre: Node
    public let hub: Node
    public let centreServer: LiveServer
    public let hubServer: LiveServer
    private let folder: TestFolder
    private let centreOptions: LiveServer.Options
    private let hubOptions: LiveServer.Options

    /// - Parameter disk: a folder for the hub's own, in place of one beside the others.
    public init(
        centre centreOptions: LiveServer.Options = .init(), hub hubOptions: LiveServer.Options = .init(),
        hubDisk disk: TestFolder? = nil
    ) async throws {
        let folder = try TestFolder("world")
        (self.folder, self.centreOptions, self.hubOptions) = (folder, centreOptions, hubOptions)
        centre = try await offPool {
            let place = NodeFolder(path: folder.file("pusat"))
            try NodeSetup.makeCentre(
                folder: place, node: try NodeName("pusat"), edition: "2025-2430", timeZone: "Asia/Jakarta")
            return try Node(folder: place, logger: .quiet)
        }
        centreServer = try await LiveServer(centre, centreOptions)
        hub = try await Self.join(
            "hub-serang", region: "36.04", role: .hub, under: centre, at: centreServer.url,
            folder: disk ?? folder, pin: centreOptions.certificate?.pin)
        hubServer = try await LiveServer(hub, hubOptions)
    }

    public func path(_ node: String) -> NodeFolder { NodeFolder(path: folder.file(node)) }

    /// Invites and joins a village over the hub's socket.
    public func village(_ name: String, region: String = "36.04.13.2007", url: String? = nil) async throws -> Node {
        try await Self.join(
            name, region: region, role: .village, under: hub, at: url ?? hubServer.url, folder: folder,
            pin: hubOptions.certificate?.pin)
    }

    private static func join(
        _ name: String, region: String, role: Enrolment.Role, under parent: Node, at url: String, folder: TestFolder,
        pin: String?
    ) async throws -> Node {
        try await offPool {
            let invitation = try parent.invite(
                node: try NodeName(name), region: try RegionCode(region), role: role, url: url, pin: pin)
            let place = NodeFolder(path: folder.file(name))
            try NodeSetup.join(folder: place, invitation: invitation, timeZone: "Asia/Jakarta")
            return try Node(folder: place, logger: .quiet)
        }
    }

    /// One sync of a node with its parent over the socket.
    @discardableResult
    public static func sync(_ node: Node) async throws -> SyncRunner.Report {
        guard let settings = SyncRunner.settings(node.configuration) else { throw CocoaError(.featureUnsupported) }
        return try await HTTPWorker(settings).run { try SyncRunner(node: node).run($0) }
    }
}

extension Node {
    /// A node's parent at another address, for tests that put something in between.
    public static func moved(_ node: Node, to url: String) throws -> Node {
        var configuration = node.configuration
        configuration.parent?.url = url
        try configuration.save(node.folder)
        try node.close()
        return try Node(folder: node.folder, logger: .quiet)
    }

    /// A record that needs nothing but an example of the catalogue.
    @discardableResult
    public func recordExample(_ type: String = "visit.recorded") throws -> AppendedLine {
        try recorder.record(example(type))
    }

    /// Many such records, saved at once.
    public func recordExamples(_ count: Int) throws -> [AppendedLine] {
        try recorder.record((0..<count).map { _ in try example("visit.recorded") })
    }

    private func example(_ type: String) throws -> Draft {
        guard let example = catalogue.types[type]?.example else { throw CocoaError(.featureUnsupported) }
        // About a household and nobody in it, so that nobody has to be asked for consent.
        return Draft(
            type: type, subject: UUID().uuidString.lowercased(), data: example.setting("person_ids", to: nil),
            actor: "a-976e3d16",
            role: "community_organizer")
    }
}

/// Runs blocking work off the cooperative pool, on which servers of the same process run.
public func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}
