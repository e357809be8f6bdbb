import Catalogue
import Crypto
import Event
import Foundation
import Logging
import ReadModels
import Store
import Sync

/// An opened node: its folder, keys, logs, catalogue and read models, wired together.
///
/// All calls block on the disk: run them through `Blocking`, never on the cooperative pool.
public final class Node: Sendable {
    public let folder: NodeFolder
    public let configuration: NodeConfiguration
    public let own: Enrolment
    public let keys: NodeKeys
    public let store: LogStore
    public let keyring: PersonKeyring
    public let catalogue: Catalogue
    public let recorder: Recorder
    /// Read models: written by `project`, asked through `models.reader`.
    public let models: ModelEngine
    let intake: StoreIntake
    public let logger: Logger
    public let timeZone: TimeZone
    public let now: @Sendable () -> Date

    /// - Parameter now: the wall clock; the demo and tests play other days through it.
    public init(
        folder: NodeFolder, logger: Logger = Logger(label: "simpul"), now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.folder = folder
        self.logger = logger
        self.now = now
        configuration = try NodeConfiguration.load(folder)
        keys = try NodeKeys(folder)
        guard let role = Enrolment.Role(rawValue: configuration.role) else {
            throw NodeError(.damaged, "simpul.json: role \(configuration.role) is not known", advice: "correct the file")
        }
        guard keys.epoch.description == configuration.epoch else {
            throw NodeError(
                .damaged, "simpul.json is of epoch \(configuration.epoch), the keys are of \(keys.epoch)",
                advice: "this folder was put together from two nodes; enrol again with a new invitation")
        }
        let node = try NodeName(configuration.node)
        own = keys.enrolment(
            node: node, region: try RegionCode(configuration.region), edition: configuration.regionEdition, role: role)
        timeZone = TimeZone(identifier: configuration.timeZone) ?? TimeZone(secondsFromGMT: 7 * 3_600) ?? .gmt
        store = try LogStore(
            folder: folder.path, signer: Signer(node: node, epoch: keys.epoch, key: keys.sign))
        keyring = PersonKeyring(
            keys: try PersonKeyStore(path: folder.personKeys), store: store, own: own, wrapKey: keys.wrap)
        catalogue = try Catalogue.bundled(extra: [URL(fileURLWithPath: folder.catalogue, isDirectory: true)])
        recorder = Recorder(
            catalogue: catalogue, store: store, keyring: keyring, own: own, timeZone: timeZone, now: now)
        models = try ModelEngine(path: folder.models, catalogue: catalogue)
        intake = StoreIntake(store: store)
    }

    /// The node above, when there is one.
    public func parent() throws -> Enrolment? { try configuration.parent?.key.enrolment() }

    public func root() throws -> Enrolment { try configuration.root.enrolment() }

    /// Takes the read models up to what is stored and, at the top, states what is counted.
    ///
    /// - Returns: lines taken in.
    @discardableResult
    public func project() throws -> Int {
        var total = 0
        while true {
            let step = try models.advance(from: intake, limit: 50_000)
            total += step.lines
            if !step.more { break }
        }
        if own.role == .centre { try stateCounted() }
        return total
    }

    /// Builds the read models again from the logs, beside the ones in use.
    public func rebuild() throws -> Int {
        let step = try models.rebuild(from: intake)
        if own.role == .centre { try stateCounted() }
        return step.lines
    }

    private func stateCounted() throws {
        let version = modelsVersion
        for row in try store.logs() where row.log.audience != .local {
            let counted = try models.reader.counted(row.log)
            guard counted.size > 0 else { continue }
            try store.stateCounted(
                row.log, size: counted.size, models: version,
                exceptions: counted.exceptions.map { ($0.first, $0.last, $0.reason.rawValue) })
        }
    }

    /// Names the models that count here: `name/version` of each, in order.
    var modelsVersion: String {
        let names = (try? models.reader.models().map { "\($0.name)/\($0.version)" }.sorted()) ?? []
        let digest = SHA256.hash(data: Data(names.joined(separator: " ").utf8))
        return "sha256:" + digest.prefix(8).map { String(format: "%02x", $0) }.joined()
    }

    /// Where records of this node's region stand on their way.
    public func paths() throws -> LinePaths {
        try LinePaths(store: store, region: own.region, parent: try parent()?.node, root: try root().node)
    }

    public func close() throws { try store.close() }
}
