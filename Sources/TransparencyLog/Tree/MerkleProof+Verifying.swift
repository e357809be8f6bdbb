/// Verifies Merkle proofs (RFC 9162, 2.1.3.2 and 2.1.4.2).
///
/// Both walk up from a leaf or from the old tree's last full subtree. `place` and `last` are the positions, on the
/// current level, of the node walked from and of the last node there is.
extension MerkleProof {
    /// Whether the proof shows that a leaf hash stands at an index of the tree with this size and root. Takes any
    /// values; impossible ones are not proven.
    public static func verifyInclusion(
        leaf: Hash, index: Int64, size: Int64, root: Hash, proof: [Hash]
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var place = index
        var last = size - 1
        var hash = leaf
        for neighbour in proof {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                hash = Hash.node(neighbour, hash)
                skipLevelsWithoutNeighbour(&place, &last)
            } else {
                hash = Hash.node(hash, neighbour)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether the proof shows that the tree of the old size and root is the beginning of the new one. Takes any
    /// values; impossible ones are not proven.
    public static func verifyConsistency(
        from oldSize: Int64, root oldRoot: Hash, to newSize: Int64, root newRoot: Hash, proof: [Hash]
    ) -> Bool {
        guard oldSize >= 0, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == .empty }

        var path = proof[...]
        var place = oldSize - 1
        var last = newSize - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        // An old tree that is one full subtree is where the walk starts; else the proof says what is.
        let isFullSubtree = oldSize & (oldSize - 1) == 0
        guard let start = isFullSubtree ? oldRoot : path.popFirst() else { return false }
        var oldHash = start
        var newHash = start
        guard !path.isEmpty else { return false }
        for neighbour in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                oldHash = Hash.node(neighbour, oldHash)
                newHash = Hash.node(neighbour, newHash)
                skipLevelsWithoutNeighbour(&place, &last)
            } else {
                newHash = Hash.node(newHash, neighbour)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot
    }

    /// A last node without a right neighbour goes up unchanged until it is somebody's right child.
    private static func skipLevelsWithoutNeighbour(_ place: inout Int64, _ last: inout Int64) {
        while place & 1 == 0, place != 0 {
            place >>= 1
            last >>= 1
        }
    }
}
