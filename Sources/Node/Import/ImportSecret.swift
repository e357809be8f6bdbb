import Crypto
import Foundation
import Store

/// The secret under which this node digests imported rows with personal members.
enum ImportSecret {
    static let bytes = 32

    /// Made when first asked for.
    ///
    /// - Throws: `NodeError` when the file is there and cannot be read as a key.
    static func load(_ folder: NodeFolder, keeper: any SecretKeeper) throws -> SymmetricKey {
        let path = path(folder)
        guard FileManager.default.fileExists(atPath: path) else {
            let key = SymmetricKey(size: .bits256)
            try NodeFolder.write(try keeper.seal(key.withUnsafeBytes { Data($0) }, name: name), to: path)
            return key
        }
        guard let stored = FileManager.default.contents(atPath: path),
            case let data = try keeper.open(stored, name: name), data.count == bytes
        else {
            throw NodeError(
                .damaged, "\(path) is not a key of \(bytes) bytes",
                advice: "restore it from a copy; without it, rows with names that were imported before count twice")
        }
        return SymmetricKey(data: data)
    }

    /// Brings the key under the newest master key.
    static func reseal(_ folder: NodeFolder, keeper: any SecretKeeper) throws {
        guard let stored = FileManager.default.contents(atPath: path(folder)) else { return }
        let sealed = try keeper.seal(try keeper.open(stored, name: name), name: name)
        try SecretFile.replace(path(folder), with: sealed)
    }

    private static let name = "import"

    private static func path(_ folder: NodeFolder) -> String { folder.secrets + "/import-key" }
}
