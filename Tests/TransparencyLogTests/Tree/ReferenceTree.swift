import Testing

@testable import TransparencyLog

/// The Merkle tree as RFC 6962, 2.1, defines it, written down as it stands there and used for nothing else.
enum ReferenceTree {
    static func root(_ leaves: ArraySlice<Hash>) -> Hash {
        if leaves.isEmpty { return .empty }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        let middle = leaves.startIndex + split(leaves.count)
        return .node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    /// PATH(m, D[n])
    static func inclusion(_ index: Int, _ leaves: ArraySlice<Hash>) -> [Hash] {
        if leaves.count == 1 { return [] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        return index < k
            ? inclusion(index, leaves[..<middle]) + [root(leaves[middle...])]
            : inclusion(index - k, leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// SUBPROOF(m, D[n], b)
    static func consistency(_ size: Int, _ leaves: ArraySlice<Hash>, whole: Bool = true) -> [Hash] {
        if size == leaves.count { return whole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        return size <= k
            ? consistency(size, leaves[..<middle], whole: whole) + [root(leaves[middle...])]
            : consistency(size - k, leaves[middle...], whole: false) + [root(leaves[..<middle])]
    }

    private static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }

    static func leaves(_ count: Int) -> [Hash] {
        (0..<count).map { Hash.leaf(Array("line \($0)".utf8)) }
    }
}
