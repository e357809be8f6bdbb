import Crypto
import Foundation

/// The content of an attachment under a key of its own (`protocol/11-attachments.md`).
///
/// Pieces of 64 KiB, each by itself under AES-256-GCM. The nonce holds the piece's number, and whether it is the last:
/// pieces can neither be exchanged nor left out at the end. A key encrypts one content once, so no nonce comes twice.
enum AttachmentCipher {
    static let pieceBytes = 65_536
    static let tagBytes = 16
    /// Bytes of a file at most.
    static let maximumBytes = 8 << 20
    /// Bytes of its encrypted form at most.
    static let maximumSealedBytes = maximumBytes + maximumBytes / pieceBytes * tagBytes
    private static let associated = Data("simpul-attachment/v1".utf8)

    static func seal(_ content: Data, key: SymmetricKey) throws -> Data {
        var sealed = Data()
        let count = max(1, (content.count + pieceBytes - 1) / pieceBytes)
        for number in 0..<count {
            let piece = content.dropFirst(number * pieceBytes).prefix(pieceBytes)
            let box = try AES.GCM.seal(
                piece, using: key, nonce: nonce(number, isLast: number == count - 1), authenticating: associated)
            sealed += box.ciphertext + box.tag
        }
        return sealed
    }

    /// - Throws: where the content is not what was sealed under this key.
    static func open(_ sealed: Data, key: SymmetricKey) throws -> Data {
        var content = Data()
        let step = pieceBytes + tagBytes
        let count = (sealed.count + step - 1) / step
        for number in 0..<count {
            let piece = sealed.dropFirst(number * step).prefix(step)
            guard piece.count >= tagBytes else { throw CryptoKitError.incorrectParameterSize }
            let box = try AES.GCM.SealedBox(
                nonce: nonce(number, isLast: number == count - 1), ciphertext: piece.dropLast(tagBytes),
                tag: piece.suffix(tagBytes))
            content += try AES.GCM.open(box, using: key, authenticating: associated)
        }
        return content
    }

    /// 1 or 0 for the last piece, seven zero bytes, the piece's number in four.
    private static func nonce(_ number: Int, isLast: Bool) throws -> AES.GCM.Nonce {
        var bytes = [UInt8](repeating: 0, count: 12)
        bytes[0] = isLast ? 1 : 0
        withUnsafeBytes(of: UInt32(number).bigEndian) { bytes.replaceSubrange(8..<12, with: $0) }
        return try AES.GCM.Nonce(data: bytes)
    }
}
