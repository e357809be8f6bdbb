import Crypto
import Event
import Foundation
import Store

/// What a line `attachment.added` says of a content.
public struct AttachmentLine: Sendable {
    static let type = "attachment.added"

    /// The attachment's own UUID.
    public let id: String
    /// Where the line stands.
    public let line: LineReference
    /// The record that it belongs to.
    public let record: String
    /// Whose key it is under.
    public let holder: String
    public let region: RegionCode
    /// SHA-256 of the encrypted content, in hexadecimal: its name.
    public let sha256: String
    /// Bytes of the encrypted content.
    public let size: Int64
    let personal: JSON?
    /// The key that its own is under.
    var keyName: String? { personal?["key"]?.stringValue }

    /// Nil where the line is not one of an attachment.
    init?(_ bytes: [UInt8]) {
        guard let line = try? EventLine(parsing: bytes), line.type == Self.type,
            let id = line.data["attachment_id"]?.stringValue,
            let record = line.data["record"]?.stringValue, let sha256 = line.data["sha256"]?.stringValue,
            BlobStore.isName(sha256),
            let size = line.data["size"]?.intValue,
            (Int64(AttachmentCipher.tagBytes)...Int64(AttachmentCipher.maximumSealedBytes)).contains(size),
            let reference = try? LineReference(
                log: line.source, sequence: line.sequence, leafHash: Array(Self.leaf(bytes)))
        else { return nil }
        (self.id, self.record, holder, self.sha256, self.size) = (id, record, line.subject, sha256, size)
        (self.line, region, personal) = (reference, line.region, line.data["personal"])
    }

    private static func leaf(_ bytes: [UInt8]) -> SHA256.Digest {
        var hash = SHA256()
        hash.update(data: [0])
        hash.update(data: bytes)
        return hash.finalize()
    }
}

/// The open form of an attachment.
public struct OpenedAttachment: Sendable {
    public let content: Data
    /// As it was attached; for people, never for a path.
    public let fileName: String?
}
