import Event
import Foundation
import Logging
import Node
import Store
import Sync

/// A whole node in a folder of its own: what `simpul init` makes, without the network in between.
public final class TestNode: Sendable {
    public let node: Node
    public let folder: TestFolder
    private let trusted: [Enrolment]

    private init(_ folder: TestFolder, trusted: [Enrolment], now: @escaping @Sendable () -> Date) throws {
        self.folder = folder
        self.trusted = trusted
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        node = try Node(folder: NodeFolder(path: folder.path), logger: quiet, now: now)
        for enrolment in trusted { try node.store.trust(enrolment) }
    }

    /// A node in a copy of its folder.
    public convenience init(copied folder: TestFolder, now: @escaping @Sendable () -> Date = { Date() }) throws {
        try self.init(folder, trusted: [], now: now)
    }

    /// A node that was made elsewhere, to enrol others below it.
    public init(_ node: Node) throws {
        folder = try TestFolder("elsewhere")
        trusted = []
        self.node = node
    }

    /// The node at the top.
    public static func centre(
        _ name: String = "pusat", now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> TestNode {
        let folder = try TestFolder(name)
        try FileManager.default.removeItem(atPath: folder.path)
        try NodeSetup.makeCentre(
            folder: NodeFolder(path: folder.path), node: try NodeName(name), edition: "2025-2430",
            timeZone: "Asia/Jakarta", now: now)
        let own = try Node(folder: NodeFolder(path: folder.path), now: now).own
        return try TestNode(folder, trusted: [own], now: now)
    }

    /// A hub or village below this node, enrolled by it.
    ///
    /// - Parameter empty: whether it has nothing yet of what this node holds.
    public func child(
        _ name: String, region: String, role: Enrolment.Role, empty: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> TestNode {
        let folder = try TestFolder(name)
        try FileManager.default.removeItem(atPath: folder.path)
        let nodeFolder = NodeFolder(path: folder.path)
        try nodeFolder.create()
        let keys = NodeKeys()
        try keys.save(nodeFolder)
        let own = keys.enrolment(
            node: try NodeName(name), region: try RegionCode(region), edition: "2025-2430", role: role)
        let file = ConfigurationFile(own, parent: node.own, root: try node.root())
        try LogStore.prepare(folder: folder.path)
        try JSONEncoder().encode(file).write(to: URL(filePath: nodeFolder.configuration))
        try node.recordEnrolment(own)
        let child = try TestNode(folder, trusted: [try node.root(), node.own, own], now: now)
        if !empty { try carry(to: child) }
        return child
    }

    /// This node on a copy of its folder, as after a restore: close the node before.
    public func restored(_ copy: TestFolder, now: @escaping @Sendable () -> Date = { Date() }) throws -> TestNode {
        try TestNode(copy, trusted: [], now: now)
    }

    /// A copy of everything in the folder, as `cp -a` makes it, of a node that is closed.
    public func copy() throws -> TestFolder {
        let copy = try TestFolder("copy")
        try FileManager.default.removeItem(atPath: copy.path)
        try FileManager.default.copyItem(atPath: folder.path, toPath: copy.path)
        return copy
    }

    /// Records as a person with `role` at this node.
    @discardableResult
    public func record(_ type: String, subject: String? = nil, _ data: JSON, role: String) throws -> AppendedLine {
        try node.recorder.record(Draft(type: type, subject: subject, data: data, actor: "test-1", role: role))
    }

    /// Hands over everything in scope that the other node lacks – lines, receipts, keys – as a sync would.
    ///
    /// - Parameter keys: false keeps the keys of persons back, as when a line breaks before they come.
    public func carry(to other: TestNode, keys: Bool = true) throws {
        let scope = narrower(than: other)
        // As in a session: who is above states what it holds.
        let isUp = node.own.region.isAtOrBelow(other.node.own.region) && node.own.region != other.node.own.region
        for row in try node.store.table(scope: scope, changedSince: nil) where row.branch == nil {
            var from = try other.node.store.logs().first { $0.log == row.log }?.size ?? 0
            while from < row.size, let frame = try node.store.frame(row.log, from: from, maxBytes: 1 << 20) {
                _ = try other.node.store.commit(frame, scope: scope, stating: isUp)
                from += Int64(frame.count)
            }
        }
        // Nobody is told by others what it holds itself, nor anything older than it knows.
        for receipt in try node.store.receipts(atOrBelow: scope) where receipt.holder != other.node.own.node {
            _ = try other.node.store.save(receipt, newerOnly: true)
        }
        // Keys go no higher than the hub.
        if keys, other.node.own.role != .centre { try other.node.store.save(try node.store.keyShares()) }
        try other.node.settle()
    }

    private func narrower(than other: TestNode) -> RegionCode {
        let (own, others) = (node.own.region, other.node.own.region)
        return own.isAtOrBelow(others) ? own : others
    }
}

/// `simpul.json` as it stands in a node's folder.
private struct ConfigurationFile: Encodable {
    struct Parent: Encodable {
        let url = "http://127.0.0.1:1"
        let key: NodeConfiguration.TrustedKey
    }

    let format = 1
    let node: String
    let epoch: String
    let region: String
    let regionEdition: String
    let role: String
    let timeZone = "Asia/Jakarta"
    let parent: Parent
    let root: NodeConfiguration.TrustedKey

    init(_ own: Enrolment, parent: Enrolment, root: Enrolment) {
        node = own.node.description
        epoch = own.epoch.description
        region = own.region.description
        regionEdition = own.edition
        role = own.role.rawValue
        self.parent = Parent(key: NodeConfiguration.TrustedKey(parent))
        self.root = NodeConfiguration.TrustedKey(root)
    }
}
