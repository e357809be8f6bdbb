/// Makes Merkle proofs (RFC 6962, 2.1.1 and 2.1.2).
///
/// Leaf hashes are asked for by index, each at most once and in ascending order within a subtree, so a caller may
/// read them from a database. What is made is not checked against any root: that is the verifier's part.
public enum MerkleProof {
    /// The proof that a leaf stands at an index of a tree, from its neighbour up to the root.
    /// - Returns: nil unless 0 ≤ index < size.
    public static func inclusion<E: Error>(
        index: Int64, size: Int64, leaves: (Int64) throws(E) -> Hash
    ) throws(E) -> [Hash]? {
        guard index >= 0, index < size else { return nil }
        var proof: [Hash] = []
        var (lower, upper) = (Int64(0), size)
        while upper - lower > 1 {
            let middle = lower + largestPowerOfTwo(below: upper - lower)
            if index < middle {
                proof.append(try root(of: middle..<upper, leaves: leaves))
                upper = middle
            } else {
                proof.append(try root(of: lower..<middle, leaves: leaves))
                lower = middle
            }
        }
        // Found from the root down, listed from the leaf up.
        return proof.reversed()
    }

    /// The proof that a tree is the beginning of a larger one. Empty where there is nothing to prove: from the empty
    /// tree, and between equal sizes.
    /// - Returns: nil unless 0 ≤ from ≤ to.
    public static func consistency<E: Error>(
        from: Int64, to: Int64, leaves: (Int64) throws(E) -> Hash
    ) throws(E) -> [Hash]? {
        guard from >= 0, from <= to else { return nil }
        var edge = TreeEdge()
        for index in 0..<from { edge.append(leaf: try leaves(index)) }
        return try consistency(from: edge, to: to, leaves: leaves)
    }

    /// The proof that the tree of an edge is the beginning of a larger one. All that it says about the old tree is in
    /// its edge already, so only the leaves from there on are asked for.
    /// - Returns: nil where the larger size is smaller than the edge's.
    public static func consistency<E: Error>(
        from edge: TreeEdge, to: Int64, leaves: (Int64) throws(E) -> Hash
    ) throws(E) -> [Hash]? {
        guard edge.size <= to else { return nil }
        if edge.size == 0 || edge.size == to { return [] }
        var proof: [Hash] = []
        var (lower, upper) = (Int64(0), to)
        var fullSubtreesBefore = 0
        // Down to the smallest subtree that ends where the old tree ends. What is passed on the left is a full
        // subtree of the old tree, what is passed on the right is all new.
        while upper != edge.size {
            let middle = lower + largestPowerOfTwo(below: upper - lower)
            if edge.size <= middle {
                proof.append(try root(of: middle..<upper, leaves: leaves))
                upper = middle
            } else {
                proof.append(edge.hashes[fullSubtreesBefore])
                fullSubtreesBefore += 1
                lower = middle
            }
        }
        // If that subtree is the whole old tree, the verifier knows its hash: it is the old root.
        if lower > 0 { proof.append(edge.hashes[fullSubtreesBefore]) }
        return proof.reversed()
    }

    /// The hash of a run of leaves, which must be a subtree of the whole.
    private static func root<E: Error>(
        of range: Range<Int64>, leaves: (Int64) throws(E) -> Hash
    ) throws(E) -> Hash {
        var edge = TreeEdge()
        for index in range { edge.append(leaf: try leaves(index)) }
        return edge.root
    }

    /// For a size of at least 2: where its tree divides.
    private static func largestPowerOfTwo(below size: Int64) -> Int64 {
        1 << (63 - Int64((size - 1).leadingZeroBitCount))
    }
}
