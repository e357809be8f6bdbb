import Catalogue
import Crypto
import Event
import Foundation
import Logging
import ReadModels
import Store
import Sync
import Synchronization

/// An opened node: its folder, keys, logs, catalogue and read models, wired together.
///
/// All calls block on the disk: run them through `Blocking`, never on the cooperative pool.
public final class Node: Sendable {
    public let folder: NodeFolder
    public let configuration: NodeConfiguration
    public let own: Enrolment
    public let keys: NodeKeys
    public let vault: Vault
    public let store: LogStore
    public let keyring: PersonKeyring
    public let catalogue: Catalogue
    public let recorder: Recorder
    /// Encrypted contents that are here.
    public let blobs: BlobStore
    let audit: AuditTrail
    let intake: StoreIntake
    private let modelHolder: ModelHolder
    let installation: Installation
    private let modelVersions: ModelVersions
    public let logger: Logger
    public let timeZone: TimeZone
    public let now: @Sendable () -> Date

    /// Orders of erasure whose requests are known to be answered: looked at once.
    let answeredErasures = Mutex<Set<String>>([])

    /// - Parameter now: the wall clock; the demo and tests play other days through it.
    public init(
        folder: NodeFolder, logger: Logger = Logger(label: "simpul"), now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.folder = folder
        self.logger = logger
        self.now = now
        configuration = try NodeConfiguration.load(folder)
        // Died between naming its new epoch and putting the key in place.
        if let next = try? NodeKeys(file: folder.nextKey), next.epoch.description == configuration.epoch {
            try Succession.finish(folder)
        }
        keys = try NodeKeys(folder)
        guard let role = Enrolment.Role(rawValue: configuration.role) else {
            throw NodeError(
                .damaged, "simpul.json: role \(configuration.role) is not known", advice: "correct the file")
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
        // An empty log under a key that has written before would be a second history.
        guard FileManager.default.fileExists(atPath: folder.path + "/log.db") else {
            throw NodeError(
                .damaged, "\(folder.path)/log.db is missing: the records of this node were in it",
                advice:
                    "put it back, or restore the node from a backup (`simpul restore`), or join anew in another folder; "
                    + "do not make an empty one")
        }
        store = try LogStore(
            folder: folder.path, signer: Signer(node: node, epoch: keys.epoch, key: keys.sign), now: now)
        let vault = Vault(folder: folder)
        self.vault = vault
        // Read anew each time: changing the passphrase, also by another process, writes it anew.
        keyring = PersonKeyring(
            keys: try PersonKeyStore(path: folder.personKeys, keeper: vault), store: store, own: own,
            parent: try configuration.parent?.key.enrolment(), wrapKey: { try NodeKeys(folder).wrap(vault) }, now: now)
        // Before it is read: what is installed meanwhile gives another mark, and is read again.
        let modelsMark = ModelVersions(folder: folder).mark
        catalogue = try Catalogue.bundled(extra: [URL(fileURLWithPath: folder.catalogue, isDirectory: true)])
        recorder = Recorder(
            catalogue: catalogue, store: store, keyring: keyring, own: own,
            root: try configuration.root.enrolment().node, timeZone: timeZone, now: now)
        audit = AuditTrail(recorder: recorder, own: own, now: now)
        modelHolder = ModelHolder(
            path: folder.models, catalogue: catalogue, options: Self.engineOptions(role))
        modelVersions = ModelVersions(folder: folder, read: (modelsMark, catalogue.modelFiles))
        intake = StoreIntake(store: store)
        blobs = BlobStore(folder: folder.path + "/blobs")
        installation = Installation(folder)
        try trustConfiguration()
        if try store.noticeInstallation(installation.mark) {
            logger.warning("this folder is a copy", metadata: ["folder": "\(folder.path)"])
        }
        try obeyErasures()
    }

    /// The keys that are known from outside: this node's own, its parent's and the root's. Looked at on every start,
    /// as a node may have died between writing its configuration and its first line.
    private func trustConfiguration() throws {
        for enrolment in [try root(), try parent(), own].compactMap({ $0 })
        where try store.enrolment(node: enrolment.node, epoch: enrolment.epoch) == nil {
            try store.trust(enrolment)
        }
    }

    /// What persons allow to be done with their data.
    public var consent: ConsentRegister { ConsentRegister(store: store) }

    /// The node above, when there is one.
    public func parent() throws -> Enrolment? { try configuration.parent?.key.enrolment() }

    public func root() throws -> Enrolment { try configuration.root.enrolment() }

    /// The read models as their writer, open from the first use on: for a program that keeps running.
    ///
    /// - Throws: `ReadModelError`, `.locked` while another process keeps them.
    public var models: ModelEngine { get throws { try modelHolder.engine() } }

    /// Answers from the read models, also while another process keeps them.
    public var modelReader: ModelReader { get throws { try modelHolder.reader() } }

    /// The lines that the read models are made of.
    public var intakeReader: any IntakeReader { intake }

    /// Takes the read models up to what is stored and, at the top, states what is counted.
    ///
    /// While another process keeps them nothing is done: it takes in what came by itself.
    ///
    /// - Returns: lines taken in.
    @discardableResult
    public func project() throws -> Int {
        do {
            return try modelHolder.withEngine { models in
                if let files = try modelVersions.follow(models, logger: logger) { modelHolder.use(files) }
                var total = 0
                // A line that came ahead of its log was another there: what was derived from it is made anew.
                let replaced = try store.replacedEarly()
                if try store.rebuiltEarly() < replaced {
                    total = try models.rebuild(from: intake).lines
                    modelHolder.renewReader()
                    try store.noteRebuilt(early: replaced)
                }
                while true {
                    let step = try models.advance(from: intake, limit: 50_000)
                    total += step.lines
                    if !step.more { break }
                }
                if own.role == .centre { try stateCounted(models.reader) }
                return total
            }
        } catch ReadModelError.locked {
            return 0
        }
    }

    /// Goes on building versions of models beside those in use, a little at a time, so that what is received is taken
    /// in between.
    ///
    /// - Returns: whether there is more to build; nil while another process keeps the models, which does it then.
    public func buildModels() throws -> Bool? {
        do {
            return try modelHolder.withEngine { try $0.stepBeside() }
        } catch ReadModelError.locked {
            return nil
        }
    }

    /// Gives the machine back what memory is only kept to be faster, also what the allocator holds on to.
    public func releaseMemory() {
        store.releaseMemory()
        Allocator.trim()
    }

    /// Builds the read models again from the logs, beside the ones in use.
    ///
    /// - Throws: `ReadModelError.locked` while another process keeps them.
    public func rebuild() throws -> Int {
        try modelHolder.withEngine { models in
            let step = try models.rebuild(from: intake)
            modelHolder.renewReader()
            if own.role == .centre { try stateCounted(models.reader) }
            return step.lines
        }
    }

    private func stateCounted(_ reader: ModelReader) throws {
        let version = Self.version(of: try reader.models())
        // A log that is stated whole, without exceptions and by the same models, has nothing new to say.
        let settled = try store.wholeCounts(models: version)
        var statements: [(branch: BranchName?, statement: CountedStatement)] = []
        for head in try store.heads() where head.log.audience != .local && settled[head.name] != head.size {
            let counted = try reader.counted(head.log, history: head.branch?.history ?? "")
            guard counted.size > 0 else { continue }
            let statement = CountedStatement(
                log: head.log, size: counted.size, models: version,
                exceptions: counted.exceptions.map {
                    .init(first: $0.first, last: $0.last, reason: $0.reason.rawValue)
                })
            statements.append((head.branch, statement))
        }
        try store.state(statements)
    }

    /// Names the models that count here: `name/version` of each, in order.
    private static func version(of models: [ModelInfo]) -> String {
        let names = models.map { "\($0.name)/\($0.version)" }.sorted()
        let digest = SHA256.hash(data: Data(names.joined(separator: " ").utf8))
        return "sha256:" + digest.prefix(8).map { String(format: "%02x", $0) }.joined()
    }

    /// A village laptop is old and small; a server has memory to spare.
    private static func engineOptions(_ role: Enrolment.Role) -> EngineOptions {
        let midway: @Sendable () -> Void = { CrashPoint.midFold.reach() }
        return role == .village
            ? EngineOptions(cacheMegabytes: 8, batchLines: 1_024, midway: midway) : EngineOptions(midway: midway)
    }

    /// Where records of this node's region stand on their way.
    public func paths() throws -> LinePaths {
        let here: LineStage =
            switch own.role {
            case .village: .saved
            case .hub: .atHub
            case .centre: .atCentre
            }
        return try LinePaths(
            store: store, region: own.region, parent: try parent()?.node, root: try root().node, here: here)
    }

    public func close() throws {
        try keyring.close()
        try store.close()
    }
}
