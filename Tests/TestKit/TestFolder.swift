import Foundation

/// A private folder of its own for one test, gone with the last reference to it.
public final class TestFolder: Sendable {
    public let path: String

    public init(_ name: String = "node") throws {
        path = NSTemporaryDirectory() + "simpul-\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        // Left-overs in the temporary folder do no harm.
        try? FileManager.default.removeItem(atPath: path)
    }

    public func file(_ name: String) -> String { path + "/" + name }
}
