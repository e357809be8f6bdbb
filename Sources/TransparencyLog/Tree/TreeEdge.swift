/// The right edge of a Merkle tree: all that is needed to append leaves and to know the root.
///
/// A tree of `size` leaves is a row of full subtrees, one for each bit set in `size`, the largest first. The edge is
/// their roots: at most 63 hashes, however long the log.
public struct TreeEdge: Hashable, Sendable {
    /// How many leaves the tree has.
    public private(set) var size: Int64
    /// The roots of the full subtrees, from left to right.
    public private(set) var hashes: [Hash]

    /// The edge of the empty tree.
    public init() {
        size = 0
        hashes = []
    }

    /// - Returns: nil unless there is one hash for each bit set in the size.
    public init?(size: Int64, hashes: [Hash]) {
        guard size >= 0, hashes.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.hashes = hashes
    }

    public mutating func append(leaf: Hash) {
        // As adding 1 in binary: each trailing 1 bit is a full subtree that the new one completes to a larger one.
        var merged = leaf
        for _ in 0..<(~size).trailingZeroBitCount {
            merged = Hash.node(hashes.removeLast(), merged)
        }
        hashes.append(merged)
        size += 1
    }

    /// Appends leaves in their order; `root` afterwards is that of the prefix which ends with the last of them.
    public mutating func append(contentsOf leaves: some Sequence<Hash>) {
        for leaf in leaves { append(leaf: leaf) }
    }

    /// The root of the tree (RFC 6962, 2.1).
    public var root: Hash {
        guard var root = hashes.last else { return .empty }
        for left in hashes.dropLast().reversed() { root = Hash.node(left, root) }
        return root
    }
}

// MARK: - Storage

extension TreeEdge {
    /// The size in eight bytes, most significant first, and then the hashes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + hashes.count * Hash.byteCount)
        withUnsafeBytes(of: UInt64(bitPattern: size).bigEndian) { bytes.append(contentsOf: $0) }
        for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// - Returns: nil where the bytes are not what `bytes` gives for any tree.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count >= 8, (bytes.count - 8).isMultiple(of: Hash.byteCount) else { return nil }
        var size: UInt64 = 0
        for byte in bytes.prefix(8) { size = size << 8 | UInt64(byte) }
        var hashes: [Hash] = []
        var rest = bytes.dropFirst(8)
        while !rest.isEmpty {
            guard let hash = Hash(rest.prefix(Hash.byteCount)) else { return nil }
            hashes.append(hash)
            rest = rest.dropFirst(Hash.byteCount)
        }
        self.init(size: Int64(bitPattern: size), hashes: hashes)
    }
}
