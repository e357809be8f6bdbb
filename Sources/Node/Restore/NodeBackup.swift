import Event
import Foundation
import Store

/// A copy of a node from which it can be made again: its logs, its configuration, its catalogue and accounts.
///
/// No key is in it. The signing key belongs to one copy of one disk; keys of persons come back, wrapped for the new key,
/// from those who serve them too.
public struct NodeBackup: Sendable {
    /// What a backup holds.
    public struct Summary: Sendable {
        public let node: NodeName
        public let epoch: Epoch
        public let logs: Int
        public let lines: Int64
    }

    /// The files of a backup beside the logs.
    private static let files = ["simpul.json", "accounts.json", "catalogue"]

    /// Makes a backup of an open node in a new folder, reads it back whole and compares its trees.
    public static func make(of node: Node, at path: String) throws -> Summary {
        let files = FileManager.default
        let unfinished = path + ".unfinished"
        let (target, home) = (
            URL(fileURLWithPath: path).standardized.path, URL(fileURLWithPath: node.folder.path).standardized.path
        )
        guard !(target + "/").hasPrefix(home + "/") else {
            throw NodeError(
                .badInput, "\(path) is inside the node's own folder",
                advice: "make it on another disk: this one may break")
        }
        guard !files.fileExists(atPath: path) else {
            throw NodeError(.exists, "\(path) is there already", advice: "name a folder that is not, e.g. with the day")
        }
        if files.fileExists(atPath: unfinished) { try files.removeItem(atPath: unfinished) }
        do {
            try files.createDirectory(
                atPath: unfinished, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: unfinished)
            for file in Self.files where files.fileExists(atPath: node.folder.path + "/" + file) {
                try files.copyItem(atPath: node.folder.path + "/" + file, toPath: unfinished + "/" + file)
            }
        } catch let error as CocoaError {
            throw NodeError(
                .cannotWrite, "\(unfinished): \(error.localizedDescription)", advice: "choose a disk with space")
        }
        try node.store.backUp(to: unfinished + "/log.db")
        let summary = try check(unfinished)
        guard rename(unfinished, path) == 0 else {
            throw NodeError(.cannotWrite, "\(path): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
        return summary
    }

    /// Reads a backup whole: the file itself, every tree, every signature.
    ///
    /// - Throws: `NodeError` `.damaged` that names what does not hold.
    public static func check(_ path: String) throws -> Summary {
        let configuration = try NodeConfiguration.load(NodeFolder(path: path))
        let (node, epoch) = (try NodeName(configuration.node), try Epoch(configuration.epoch))
        let report = try LogStore.auditCopy(folder: path)
        guard report.isSound else {
            let first = report.damage.first ?? report.findings.first.map { "\($0.log): \($0.fault)" } ?? ""
            throw NodeError(
                .damaged, "the backup \(path) does not hold: \(first)",
                advice: "make it again on another disk; do not restore from it")
        }
        return Summary(node: node, epoch: epoch, logs: report.logs, lines: report.lines)
    }

    /// Makes a node from a backup, under a new key and epoch.
    ///
    /// - Parameter key: the invitation of the parent; for the centre the key file that was kept apart from backups.
    public static func restore(
        _ path: String, to folder: NodeFolder, with key: Approval, now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> Summary {
        guard FileManager.default.fileExists(atPath: path + "/simpul.json") else {
            throw NodeError(
                .badInput, "there is no backup in \(path)", advice: "name the folder that `simpul backup` made")
        }
        let summary = try check(path)
        let files = FileManager.default
        guard !files.fileExists(atPath: folder.configuration) else {
            throw NodeError(.exists, "\(folder.path) holds a node already", advice: "name a folder that holds none")
        }
        let old = try NodeConfiguration.load(NodeFolder(path: path))
        if case .invitation(let invitation, _) = key, invitation.node != summary.node {
            throw NodeError(
                .badInput, "the invitation is for \(invitation.node), the backup of \(summary.node)",
                advice: "ask for an invitation of \(summary.node)")
        }
        try folder.create()
        for file in ["log.db", "accounts.json", "catalogue"] where files.fileExists(atPath: path + "/" + file) {
            let target = folder.path + "/" + file
            if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
            try files.copyItem(atPath: path + "/" + file, toPath: target)
        }
        switch key {
        case .invitation(let invitation, let authority):
            try LogStore.prepareRestored(folder: folder.path, holding: old.role != Enrolment.Role.village.rawValue)
            try NodeSetup.join(
                folder: folder, invitation: invitation, timeZone: old.timeZone, authority: authority, as: old)
        case .rootKey(let file): try succeedRoot(old, folder, file, now)
        }
        return summary
    }

    /// What lets a restored node speak again.
    public enum Approval: Sendable {
        /// Of its parent, and the authorities to trust for it.
        case invitation(InvitationCode, authority: String?)
        /// The centre's own `node-key.json`, which was kept apart.
        case rootKey(String)
    }

    /// The centre has nobody above it: its old key, which everyone trusts, vouches for the new one, in a line of its log.
    private static func succeedRoot(
        _ old: NodeConfiguration, _ folder: NodeFolder, _ file: String, _ now: @escaping @Sendable () -> Date
    ) throws {
        let oldKeys = try NodeKeys(file: file)
        guard oldKeys.epoch.description == old.epoch else {
            throw NodeError(
                .badInput, "\(file) is the key of epoch \(oldKeys.epoch), the backup is of \(old.epoch)",
                advice: "give the key that belongs to this backup")
        }
        let (name, root) = (try NodeName(old.node), try old.root.enrolment())
        let keys = NodeKeys()
        let own = keys.enrolment(
            node: name, region: try RegionCode(old.region), edition: old.regionEdition, role: .centre)
        let store = try LogStore(
            folder: folder.path, signer: Signer(node: name, epoch: oldKeys.epoch, key: oldKeys.sign), now: now)
        let log = store.signer.log(.region(own.region), lane: .main)
        let wall = Int64(now().timeIntervalSince1970) * 1_000
        let time = DateTime(milliseconds: wall, offsetMinutes: 0)
        try store.append(
            wall: wall,
            [
                (
                    log: log,
                    make: { place in
                        try EventLine(
                            type: "node.enrolled", version: 1, source: log, sequence: place.sequence,
                            subject: name.description, time: time, hybridTime: place.hybridTime,
                            occurredAt: OccurredAt(time), actor: name.description, role: "system", region: own.region,
                            regionEdition: own.edition, data: own.json.setting("since", to: .string(time.localDate))
                        ).encoded()
                    }
                )
            ])
        try store.close()
        try LogStore.prepareRestored(folder: folder.path, holding: true)
        try keys.save(folder)
        var configuration = old
        configuration.epoch = keys.epoch.description
        configuration.root = NodeConfiguration.TrustedKey(root)
        try configuration.save(folder)
        try Node(folder: folder, now: now).close()
    }
}
