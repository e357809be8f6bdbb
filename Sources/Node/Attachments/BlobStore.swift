import Crypto
import Event
import Foundation
import Synchronization

/// Encrypted contents by their SHA-256, as files of a node's folder: whole ones, and the beginnings of those on the way.
public final class BlobStore: Sendable {
    /// Why bytes are not taken.
    public enum Refusal: Error, Sendable, Hashable {
        /// They start elsewhere than what is held ends.
        case gap(held: Int64)
        /// The whole of them has another hash than its name. Nothing of it is kept.
        case differs
        /// The disk has too little room to spend on contents.
        case smallDisk(free: Int64, needed: Int64)
        case tooLarge
    }

    /// What is to go to the parent, and how.
    public struct Errand: Sendable, Codable, Equatable {
        /// Bytes to send at once; found out on the line.
        public var piece = 32_768
        /// Where a line broke before: from there on pieces grow carefully.
        public var ceiling = AttachmentExchange.pieceRange.upperBound
        /// Why the parent did not take it, when it said so.
        public var refused: String?
    }

    /// Room that is left to records, whatever attachments would like: a node with less takes none.
    public static let reserve: Int64 = 512 << 20

    private let folder: String
    private let reserve: Int64
    private let writing = Mutex(())

    public init(folder: String, reserve: Int64 = BlobStore.reserve) {
        self.folder = folder
        self.reserve = reserve
    }

    /// `nil` unless it is a SHA-256 in lower-case hexadecimal: names of files come from nothing else.
    public static func isName(_ hash: String) -> Bool {
        hash.utf8.count == 64 && hash.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func name(of content: Data) -> String {
        SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
    }

    private func whole(_ hash: String) -> String { "\(folder)/\(hash.prefix(2))/\(hash)" }
    private func part(_ hash: String) -> String { whole(hash) + ".part" }
    private func errand(_ hash: String) -> String { "\(folder)/up/\(hash)" }

    private static func bytes(_ path: String) -> Int64? {
        var info = stat()
        return stat(path, &info) == 0 ? Int64(info.st_size) : nil
    }

    // MARK: - What is here

    public func isWhole(_ hash: String) -> Bool { Self.bytes(whole(hash)) != nil }

    /// Bytes held of a content, from its beginning.
    public func held(_ hash: String) -> Int64 { Self.bytes(whole(hash)) ?? Self.bytes(part(hash)) ?? 0 }

    /// As `held`, once what came to its end before a crash is checked and in its place.
    public func settledHeld(_ hash: String, size: Int64) throws -> Int64 {
        try writing.withLock { _ in
            if !isWhole(hash), held(hash) >= size { try finish(hash) }
            return held(hash)
        }
    }

    /// Bytes of a whole content.
    public func read(_ hash: String, from: Int64 = 0, count: Int = .max) throws -> Data {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: whole(hash)))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(from))
        return try (count == .max ? handle.readToEnd() : handle.read(upToCount: count)) ?? Data()
    }

    // MARK: - Taking

    /// Appends bytes of a content; durable when it returns. With the last of them the whole is checked against its name.
    ///
    /// - Parameters:
    ///   - size: of the whole content.
    ///   - offset: where the bytes start.
    /// - Returns: bytes held now.
    /// - Throws: `Refusal`; what the disk says.
    @discardableResult
    public func append(_ bytes: Data, to hash: String, size: Int64, at offset: Int64) throws -> Int64 {
        try writing.withLock { _ in
            if isWhole(hash) { return size }
            if held(hash) >= size {
                try finish(hash)
                return size
            }
            let held = held(hash)
            guard offset == held else { throw Refusal.gap(held: held) }
            guard size <= AttachmentCipher.maximumSealedBytes, offset + Int64(bytes.count) <= size else {
                throw Refusal.tooLarge
            }
            try makeRoom(for: size - held)
            try NodeFolder.makePrivate((whole(hash) as NSString).deletingLastPathComponent)
            try Self.extend(part(hash), by: bytes)
            guard offset + Int64(bytes.count) == size else { return offset + Int64(bytes.count) }
            try finish(hash)
            return size
        }
    }

    /// All bytes are there: they are what the name says, or nothing of them is kept.
    private func finish(_ hash: String) throws {
        let content = try Data(contentsOf: URL(fileURLWithPath: part(hash)))
        guard Self.name(of: content) == hash else {
            try FileManager.default.removeItem(atPath: part(hash))
            throw Refusal.differs
        }
        try FileManager.default.moveItem(atPath: part(hash), toPath: whole(hash))
        // The sender forgets it now: its name is to outlast a loss of power too.
        try NodeFolder.synchronize((whole(hash) as NSString).deletingLastPathComponent)
    }

    private func makeRoom(for bytes: Int64) throws {
        try NodeFolder.makePrivate(folder)
        var space = statvfs()
        guard statvfs(folder, &space) == 0 else { return }
        let free = Int64(space.f_bavail) * Int64(space.f_frsize)
        guard free - bytes >= reserve else { throw Refusal.smallDisk(free: free, needed: bytes + reserve) }
    }

    private static func extend(_ path: String, by bytes: Data) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError(.cannotWrite, "\(path): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: bytes)
        try handle.synchronize()
    }

    /// Removes a content and what was on the way of it.
    public func remove(_ hash: String) throws {
        for path in [whole(hash), part(hash), errand(hash)] where FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
    }

    // MARK: - Errands

    func send(_ hash: String, _ errand: Errand = Errand()) throws {
        try NodeFolder.makePrivate(folder + "/up")
        try NodeFolder.write(try JSONEncoder().encode(errand), to: self.errand(hash))
    }

    func sent(_ hash: String) throws {
        guard FileManager.default.fileExists(atPath: errand(hash)) else { return }
        try FileManager.default.removeItem(atPath: errand(hash))
    }

    /// What is still to go to the parent.
    public func errands() throws -> [(hash: String, errand: Errand)] {
        guard FileManager.default.fileExists(atPath: folder + "/up") else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder + "/up").filter(Self.isName).sorted().map {
            let data = try Data(contentsOf: URL(fileURLWithPath: errand($0)))
            // One that cannot be read is done as if it were new.
            return ($0, (try? JSONDecoder().decode(Errand.self, from: data)) ?? Errand())
        }
    }
}
