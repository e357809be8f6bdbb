import Crypto

/// A SHA-256 hash in a Merkle tree: 32 bytes.
public struct Hash: Hashable, Sendable {
    public static let byteCount = 32

    // Four words and no array: a hash costs no allocation, and 64 of them lie side by side.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// - Returns: nil unless there are exactly 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Hash.byteCount else { return nil }
        self.init(unchecked: bytes)
    }

    private init(unchecked bytes: some Sequence<UInt8>) {
        if let words = bytes.withContiguousStorageIfAvailable({ Hash.words(UnsafeRawBufferPointer($0)) }) {
            self.words = words
        } else {
            words = Array(bytes).withUnsafeBytes(Hash.words)
        }
    }

    init(_ digest: SHA256.Digest) { words = digest.withUnsafeBytes(Hash.words) }

    private static func words(_ buffer: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        (
            buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// The bytes, where they lie.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        var copy = words
        return try Swift.withUnsafeBytes(of: &copy, body)
    }

    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    public static func == (left: Hash, right: Hash) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

// MARK: - Spellings

extension Hash: CustomStringConvertible {
    /// Base64 with padding, as checkpoints have it.
    public var base64: String { Base64.encode(bytes) }

    /// 64 lower-case hexadecimal digits, as line references have it.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    public var description: String { hex }

    public init?(base64: some StringProtocol) {
        guard let bytes = Base64.decode(base64) else { return nil }
        self.init(bytes)
    }

    /// - Parameter hex: 64 lower-case digits.
    public init?(hex: some StringProtocol) {
        let text = Array(hex.utf8)
        guard text.count == 2 * Hash.byteCount else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: text.count, by: 2) {
            guard let high = Hash.value(text[position]), let low = Hash.value(text[position + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.init(bytes)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

// MARK: - Tree hashes

extension Hash {
    /// The root of a tree without leaves: the hash of nothing.
    public static let empty = Hash(SHA256.hash(data: [UInt8]()))

    /// The hash of a leaf: SHA-256 of a zero byte and the leaf (RFC 6962, 2.1).
    public static func leaf(_ bytes: UnsafeRawBufferPointer) -> Hash {
        var sha = SHA256()
        leafPrefix.withUnsafeBytes { sha.update(bufferPointer: $0) }
        sha.update(bufferPointer: bytes)
        return Hash(sha.finalize())
    }

    /// The hash of a leaf: SHA-256 of a zero byte and the leaf (RFC 6962, 2.1).
    public static func leaf(_ bytes: some Collection<UInt8>) -> Hash {
        if let hash = bytes.withContiguousStorageIfAvailable({ leaf(UnsafeRawBufferPointer($0)) }) {
            return hash
        }
        return Array(bytes).withUnsafeBytes { leaf($0) }
    }

    /// The hash of an inner node: SHA-256 of a one byte and both children (RFC 6962, 2.1).
    public static func node(_ left: Hash, _ right: Hash) -> Hash {
        var sha = SHA256()
        nodePrefix.withUnsafeBytes { sha.update(bufferPointer: $0) }
        left.withUnsafeBytes { sha.update(bufferPointer: $0) }
        right.withUnsafeBytes { sha.update(bufferPointer: $0) }
        return Hash(sha.finalize())
    }

    private static let leafPrefix: [UInt8] = [0]
    private static let nodePrefix: [UInt8] = [1]
}
