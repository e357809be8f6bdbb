import Catalogue
import Crypto
import Event
import Foundation
import Store
import Sync

extension Node {

    /// Attaches a file to a record: its encrypted content to the disk, then the line that names it. Both are durable
    /// when this returns; the content goes to the parent once no line waits.
    ///
    /// - Throws: `NodeError` when it is too large, the record is not here, or this node holds no keys.
    @discardableResult
    public func attach(
        _ content: Data, name: String, to record: LineReference, actor: String, role: String
    ) throws -> AttachmentLine {
        guard !content.isEmpty, content.count <= AttachmentCipher.maximumBytes else {
            throw NodeError(
                .badInput,
                "\(name) has \(content.count) bytes; an attachment has 1 to \(AttachmentCipher.maximumBytes)",
                advice: "take a smaller photo, or scan at a lower resolution")
        }
        // Of whichever history of the log it is.
        let branches = [nil] + (try store.heads().filter { $0.log == record.log }.compactMap(\.branch))
        let found = try branches.lazy.compactMap { branch in
            try store.lines(record.log, branch: branch, from: record.sequence, through: record.sequence).first
        }.first { Array(LogStore.leafHash(of: $0)) == Array(record.leafHash) }
        guard let bytes = found, let line = try? EventLine(parsing: bytes), let type = catalogue.types[line.type] else {
            throw NodeError(
                .badInput, "\(record) is not here, or not of a type known here: its hash has to be that of the line",
                advice: "`simpul log show` lists records; LOG#SEQUENCE alone does as well")
        }
        let holder = type.keyHolder(in: line.data, subject: line.subject)
        // Whose consent it needs; nobody's, for a record about a household that names no one.
        let person = type.persons(in: line.data, subject: line.subject).prefix(1)
            .map { JSONMember("person_id", .string($0)) }
        let key = SymmetricKey(size: .bits256)
        let sealed = try AttachmentCipher.seal(content, key: key)
        let hash = BlobStore.name(of: sealed)
        do {
            try blobs.append(sealed, to: hash, size: Int64(sealed.count), at: 0)
        } catch let refusal as BlobStore.Refusal {
            throw NodeError(
                .cannotWrite, "\(name) cannot be kept: \(refusal.reason)",
                advice: "free some disk space; nothing was saved")
        }
        let added: AppendedLine
        do {
            // Before the line: once that is durable nothing may fail any more.
            if try parent() != nil { try blobs.send(hash) }
            added = try recorder.record(
                Draft(
                    type: AttachmentLine.type, subject: holder,
                    data: .object(
                        [
                            JSONMember("attachment_id", .string(UUID().uuidString.lowercased())),
                            JSONMember("record", .string(record.description)), JSONMember("holder_id", .string(holder)),
                            JSONMember("sha256", .string(hash)), JSONMember("size", .int(Int64(sealed.count))),
                            JSONMember("content_key", .string(key.withUnsafeBytes { Data($0) }.base64EncodedString())),
                            JSONMember("file_name", .string(String(name.prefix(120)))),
                        ] + person), actor: actor, role: role, audience: line.source.audience.region,
                    region: line.region))
        } catch {
            // Without a line nobody would ever ask for it.
            try blobs.remove(hash)
            throw error
        }
        guard let attachment = AttachmentLine(added.bytes) else {
            throw NodeError(.damaged, "the line of an attachment does not name one", advice: "report this defect")
        }
        return attachment
    }

    /// Attachments whose lines are here, in scope of a region; `hash` singles one out.
    public func attachments(inScopeOf region: RegionCode, hash: String? = nil) throws -> [AttachmentLine] {
        var found: [AttachmentLine] = []
        let needle = hash ?? "\"type\":\"\(AttachmentLine.type)\""
        try store.forEachLine(inScopeOf: region, containing: Array(needle.utf8)) { bytes in
            guard let attachment = AttachmentLine(bytes), hash == nil || attachment.sha256 == hash else { return }
            found.append(attachment)
        }
        return found
    }

    /// Whether the key of an attachment was erased: its content is nobody's to hold any more.
    public func isErased(_ attachment: AttachmentLine) throws -> Bool {
        try attachment.keyName.map(keyring.isErased) ?? false
    }

    /// Removes contents whose keys were erased.
    func removeErasedContents() throws {
        for attachment in try attachments(inScopeOf: own.region) where try isErased(attachment) {
            try blobs.remove(attachment.sha256)
        }
    }

    /// The content of an attachment, where it is here and its holder's key is.
    ///
    /// - Returns: nil when the key is not here: not shared with this node, or erased.
    public func open(_ attachment: AttachmentLine) throws -> OpenedAttachment? {
        guard let personal = attachment.personal,
            let members = try PersonalBox.open(
                personal, type: AttachmentLine.type, subject: attachment.holder, keyring: keyring)
        else { return nil }
        guard let key = members["content_key"]?.stringValue.flatMap({ Data(base64Encoded: $0) }), key.count == 32 else {
            throw NodeError(
                .badInput, "\(attachment.line) has no key of its content", advice: "tell whoever attached it")
        }
        let sealed = try blobs.read(attachment.sha256)
        do {
            return OpenedAttachment(
                content: try AttachmentCipher.open(sealed, key: SymmetricKey(data: key)),
                fileName: members["file_name"]?.stringValue)
        } catch is CryptoKitError {
            throw NodeError(
                .notTrusted, "the content of \(attachment.line) does not open under its key",
                advice: "whoever attached it has the original")
        }
    }
}

extension BlobStore.Refusal {
    /// In words.
    public var reason: String {
        switch self {
        case .gap(let held): "\(held) bytes of it are held; it goes on from there"
        case .differs: "it is not the content that its line names"
        case .smallDisk(let free, let needed):
            "the disk has \(free >> 20) MiB free and \(needed >> 20) are needed; attachments are not taken until there is room"
        case .tooLarge: "it is larger than its line says, or than \(AttachmentCipher.maximumSealedBytes) bytes"
        }
    }
}
