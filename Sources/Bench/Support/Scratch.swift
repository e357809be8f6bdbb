import Foundation

/// A private folder for the files of one run.
struct Scratch: Sendable {
    let path: String

    init(parent: String?) throws {
        path = (parent ?? NSTemporaryDirectory()) + "/simpul-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// A new empty folder in it.
    func folder(_ name: String) throws -> String {
        let folder = path + "/" + name
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder
    }

    func remove() {
        do { try FileManager.default.removeItem(atPath: path) } catch { note("\(path) is left over: \(error)") }
    }
}
