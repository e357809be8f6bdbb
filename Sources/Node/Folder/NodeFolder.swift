import Foundation

/// The private folder of a node. Everything the node has is in here.
///
///     simpul.json            what the node is and who its parent is
///     secrets/node-key.json  the signing and unwrapping keys of this epoch; never part of a backup
///     secrets/persons.db     keys of the persons this node serves
///     secrets/vault.json     the key over these, wrapped by the passphrase; none without one
///     log.db                 the logs
///     models.db              read models; can be thrown away and rebuilt
///     catalogue/             event types, code lists, rules and models installed beside the built-in ones
///     accounts.json          who may open the pages
///     schedule.lock          held by a program that syncs by the clock
public struct NodeFolder: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    public var configuration: String { path + "/simpul.json" }
    public var secrets: String { path + "/secrets" }
    public var nodeKey: String { secrets + "/node-key.json" }
    /// The key of an epoch that is about to be opened.
    var nextKey: String { secrets + "/next-key.json" }
    public var personKeys: String { secrets + "/persons.db" }
    public var vault: String { secrets + "/vault.json" }
    public var models: String { path + "/models.db" }
    public var catalogue: String { path + "/catalogue" }
    /// Versions of models to keep beside those in use, `NAME__vN.sql`.
    public var modelVersions: String { catalogue + "/versions" }
    public var accounts: String { path + "/accounts.json" }

    /// Makes the folder for its user alone. Refuses one that holds a node already.
    public func create() throws(NodeError) {
        let files = FileManager.default
        if files.fileExists(atPath: configuration) {
            throw NodeError(
                .exists, "\(path) holds a node already",
                advice: "use it, or name another folder with --folder")
        }
        do {
            for folder in [path, secrets, catalogue] {
                try files.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
            }
        } catch {
            throw NodeError(
                .cannotWrite, "\(path) cannot be made: \(error.localizedDescription)",
                advice: "choose a folder you may write to with --folder")
        }
    }

    /// Makes a folder that only its user may enter, unless it is there.
    static func makePrivate(_ path: String) throws(NodeError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw NodeError(
                .cannotWrite, "\(path) cannot be made: \(error.localizedDescription)", advice: "check the disk")
        }
    }

    /// Writes a file that only its user may read, all or nothing.
    static func write(_ data: Data, to path: String) throws(NodeError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError(.cannotWrite, "\(temporary): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
        defer { close(descriptor) }
        var offset = 0
        while offset < data.count {
            let written = data.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + offset, data.count - offset)
            }
            guard written > 0 else {
                throw NodeError(
                    .cannotWrite, "\(temporary): \(String(cString: strerror(errno)))", advice: "free some disk space")
            }
            offset += written
        }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw NodeError(.cannotWrite, "\(path): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
        try synchronize((path as NSString).deletingLastPathComponent)
    }

    /// Makes names in a folder durable: those of new and renamed files are not before it is synced itself.
    static func synchronize(_ folder: String) throws(NodeError) {
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw NodeError(.cannotWrite, "\(folder): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw NodeError(.cannotWrite, "\(folder): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
    }
}
