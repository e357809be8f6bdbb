import Crypto
import Event
import Foundation

/// `secrets/vault.json`: the master key under which this node's secrets stand, wrapped by the passphrase and by the
/// recovery key. It holds nothing that opens anything by itself.
struct VaultFile: Codable, Sendable {
    static let newest = 1

    var format = newest
    var id: String
    /// Grows with each new master key.
    var generation: UInt32
    var passphrase: PassphraseBox
    var recovery: Recovery?
    /// While secrets are brought under a new master key: the one before, wrapped by the new one; nil when they stood
    /// in plain before.
    var earlier: Data?
    /// Some secrets may still stand as they did before.
    var isUnfinished: Bool

    /// How the master key comes back when the passphrase is forgotten.
    struct Recovery: Codable, Sendable {
        /// The master key under the recovery key.
        var box: Data
        /// The recovery key wrapped for the hub; nil when it is on paper.
        var deposit: Deposit?
    }

    struct Deposit: Codable, Sendable {
        /// The hub, `NODE/EPOCH`.
        var holder: String
        /// HPKE: encapsulated key ‖ ciphertext.
        var box: Data
        /// Whether the line that carries it to the hub was written.
        var isWritten: Bool
        /// That line; nil before it was written, and in files of older programs.
        var line: String?
    }

    func context(_ purpose: String) -> String { Self.context(id, generation, purpose) }

    static func context(_ id: String, _ generation: UInt32, _ purpose: String) -> String {
        "simpul-vault/v1\n\(id)\n\(generation)\n\(purpose)"
    }

    /// - Returns: nil when there is none: the node has no passphrase.
    static func load(_ folder: NodeFolder) throws -> VaultFile? {
        guard let data = FileManager.default.contents(atPath: folder.vault) else {
            // A file that is there and cannot be read is no node without a passphrase.
            guard !FileManager.default.fileExists(atPath: folder.vault) else { throw damaged(folder, "no permission") }
            return nil
        }
        let file: VaultFile
        do {
            file = try JSONDecoder().decode(VaultFile.self, from: data)
        } catch {
            throw damaged(folder, "\(error)")
        }
        guard file.format == newest else {
            throw NodeError(
                .newerFormat, "\(folder.vault) has format \(file.format), this program knows \(newest)",
                advice: "install the newer simpul; nothing was changed")
        }
        return file
    }

    func save(_ folder: NodeFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try NodeFolder.write(try encoder.encode(self), to: folder.vault)
    }

    private static func damaged(_ folder: NodeFolder, _ reason: String) -> NodeError {
        NodeError(
            .damaged, "\(folder.vault) cannot be read: \(reason)",
            advice: "restore it from a copy; without it the keys of persons do not open. They come again from the hub "
                + "when this laptop is enrolled anew")
    }
}
