import Crypto
import Foundation

/// The secret under which this node digests imported rows with personal members.
enum ImportSecret {
    static let bytes = 32

    /// Made when first asked for.
    ///
    /// - Throws: `NodeError` when the file is there and cannot be read as a key.
    static func load(_ folder: NodeFolder) throws -> SymmetricKey {
        let path = folder.secrets + "/import-key"
        guard FileManager.default.fileExists(atPath: path) else {
            let key = SymmetricKey(size: .bits256)
            try NodeFolder.write(key.withUnsafeBytes { Data($0) }, to: path)
            return key
        }
        guard let data = FileManager.default.contents(atPath: path), data.count == bytes else {
            throw NodeError(
                .damaged, "\(path) is not a key of \(bytes) bytes",
                advice: "restore it from a copy; without it, rows with names that were imported before count twice")
        }
        return SymmetricKey(data: data)
    }
}
