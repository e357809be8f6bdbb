import Crypto
import Event
import Foundation
import TransparencyLog

/// Digests by which two peers see that they hold the same (`protocol/04-session.md`).
public enum TableDigest {
    /// Over the sorted lines `LOG SIZE ROOT`.
    public static func of(_ rows: some Sequence<TableRow>) -> String {
        digest(rows.map { "\($0.log) \($0.size) \($0.root.base64)" })
    }

    /// Over the sorted lines `LOG HOLDER KIND SHA256(note)`.
    public static func of(_ receipts: some Sequence<Receipt>) -> String {
        digest(receipts.map { "\($0.log) \($0.holder) \($0.kind.rawValue) \(sha256($0.note.utf8))" })
    }

    /// Over the sorted lines `KEY TO SHA256(box)`.
    public static func of(_ shares: some Sequence<KeyShare>) -> String {
        digest(shares.map { "\($0.key) \($0.to) \(sha256($0.box))" })
    }

    private static func digest(_ lines: [String]) -> String {
        // Sorted by bytes: Swift's own order of strings is another one.
        let sorted = lines.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        var hash = SHA256()
        for line in sorted {
            hash.update(data: line)
            hash.update(data: [UInt8(ascii: "\n")])
        }
        return Data(hash.finalize()).base64EncodedString()
    }

    private static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        Data(SHA256.hash(data: Array(bytes))).base64EncodedString()
    }
}
