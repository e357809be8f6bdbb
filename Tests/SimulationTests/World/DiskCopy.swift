import Event
import Foundation
import Sync

/// Files of a node's folder as they stood at a moment, as `cp` takes them from a machine that is on.
struct DiskCopy {
    let site: Site
    let keys: KeyPool.Keys
    let memory: [NodeName: ClientSession.Memory]
    private let files: [String: Data]

    init(of machine: Machine) throws {
        site = machine.site
        keys = machine.keys
        memory = machine.memory
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: machine.folder)
        where name.hasPrefix("log.db") && !name.hasSuffix("-shm") {
            files[name] = try Data(contentsOf: URL(filePath: machine.folder + "/" + name))
        }
        self.files = files
    }

    /// Puts the files where nothing is.
    func write(to folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, data) in files {
            guard
                FileManager.default.createFile(
                    atPath: folder + "/" + name, contents: data, attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
        }
    }
}
