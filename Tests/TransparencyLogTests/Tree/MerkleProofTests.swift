import Testing

@testable import TransparencyLog

@Suite struct MerkleProofTests {
    private let leaves = ReferenceTree.leaves(70)

    private func leaf(_ index: Int64) -> Hash { leaves[Int(index)] }
    private func root(_ size: Int) -> Hash { ReferenceTree.root(leaves[..<size]) }

    @Test func provesEveryLeafOfEveryTree() throws {
        for size in 1...70 {
            let root = root(size)
            for index in 0..<size {
                let proof = try #require(
                    MerkleProof.inclusion(index: Int64(index), size: Int64(size), leaves: leaf))
                #expect(proof == ReferenceTree.inclusion(index, leaves[..<size]))
                #expect(includes(index, size, root, proof))
            }
        }
    }

    @Test func provesEveryPairOfSizes() throws {
        for newSize in 0...70 {
            var edge = TreeEdge()
            for oldSize in 0...newSize {
                let proof = try #require(
                    MerkleProof.consistency(from: Int64(oldSize), to: Int64(newSize), leaves: leaf))
                let fromEdge = MerkleProof.consistency(from: edge, to: Int64(newSize)) { index in
                    #expect(index >= oldSize, "asks only for what is new")
                    return leaf(index)
                }
                #expect(fromEdge == proof)
                if oldSize > 0 { #expect(proof == ReferenceTree.consistency(oldSize, leaves[..<newSize])) }
                #expect(extends(oldSize, newSize, proof))
                if oldSize < newSize { edge.append(leaf: leaves[oldSize]) }
            }
        }
    }

    @Test func aProofWithAnyBitWrongProvesNothing() throws {
        for size in 1...14 {
            for index in 0..<size {
                let proof = try #require(
                    MerkleProof.inclusion(index: Int64(index), size: Int64(size), leaves: leaf))
                for wrong in corruptions(of: proof) { #expect(!includes(index, size, root(size), wrong)) }
                for wrong in misfits(of: proof) { #expect(!includes(index, size, root(size), wrong)) }
            }
            for oldSize in 1...size {
                let proof = try #require(
                    MerkleProof.consistency(from: Int64(oldSize), to: Int64(size), leaves: leaf))
                for wrong in corruptions(of: proof) { #expect(!extends(oldSize, size, wrong)) }
                for wrong in misfits(of: proof) { #expect(!extends(oldSize, size, wrong)) }
            }
        }
    }

    @Test(arguments: 15...70)
    func aProofOfALargerTreeWithABitWrongProvesNothing(size: Int) throws {
        var generator = SeededGenerator(seed: UInt64(size))
        for index in 0..<size {
            let inclusion = try #require(
                MerkleProof.inclusion(index: Int64(index), size: Int64(size), leaves: leaf))
            for place in inclusion.indices {
                var wrong = inclusion
                wrong[place] = wrong[place].flipping(bit: Int.random(in: 0..<256, using: &generator))
                #expect(!includes(index, size, root(size), wrong))
            }
        }
    }

    @Test func anotherLeafIndexSizeOrRootIsNotProven() throws {
        let proof = try #require(MerkleProof.inclusion(index: 5, size: 11, leaves: leaf))
        for bit in 0..<256 {
            let otherLeaf = leaves[5].flipping(bit: bit)
            #expect(
                !MerkleProof.verifyInclusion(
                    leaf: otherLeaf, index: 5, size: 11, root: root(11), proof: proof))
            let otherRoot = root(11).flipping(bit: bit)
            #expect(
                !MerkleProof.verifyInclusion(
                    leaf: leaves[5], index: 5, size: 11, root: otherRoot, proof: proof))
        }
        for index in 0..<11 where index != 5 {
            #expect(
                !MerkleProof.verifyInclusion(
                    leaf: leaves[5], index: Int64(index), size: 11, root: root(11), proof: proof))
        }
    }

    @Test func anotherRootOrSizeIsNotAnExtension() throws {
        let proof = try #require(MerkleProof.consistency(from: 6, to: 11, leaves: leaf))
        func holds(_ from: Int64, _ old: Hash, _ to: Int64, _ new: Hash) -> Bool {
            MerkleProof.verifyConsistency(from: from, root: old, to: to, root: new, proof: proof)
        }
        #expect(holds(6, root(6), 11, root(11)))
        for bit in 0..<256 {
            #expect(!holds(6, root(6).flipping(bit: bit), 11, root(11)))
            #expect(!holds(6, root(6), 11, root(11).flipping(bit: bit)))
        }
        for from in 0...11 where from != 6 { #expect(!holds(Int64(from), root(from), 11, root(11))) }
    }

    @Test(arguments: [
        (Int64(0), Int64(0)), (-1, 5), (5, 5), (6, 5), (.max, .max), (.min, .max), (0, .min),
        (.max - 1, .max),
    ])
    func impossibleNumbersProveNothingAndDoNotTrap(index: Int64, size: Int64) {
        let proof = [Hash](repeating: .empty, count: 70)
        #expect(
            !MerkleProof.verifyInclusion(leaf: .empty, index: index, size: size, root: root(1), proof: proof))
        #expect(
            !MerkleProof.verifyConsistency(from: index, root: root(1), to: size, root: root(2), proof: proof))
        if index < 0 || index >= size {
            #expect(MerkleProof.inclusion(index: index, size: size) { _ in .empty } == nil)
        }
        if index < 0 || index > size {
            #expect(MerkleProof.consistency(from: index, to: size) { _ in .empty } == nil)
        }
    }

    @Test func betweenEqualSizesAndFromNothingThereIsNothingToProve() {
        #expect(extends(0, 0, []))
        #expect(extends(0, 9, []))
        #expect(extends(9, 9, []))
        #expect(!extends(0, 9, [.empty]))
        #expect(!extends(9, 9, [.empty]))
        #expect(!extends(8, 9, []))
        #expect(!MerkleProof.verifyConsistency(from: 0, root: root(1), to: 9, root: root(9), proof: []))
        #expect(!MerkleProof.verifyConsistency(from: 9, root: root(9), to: 9, root: root(8), proof: []))
    }

    @Test func whatReadingALeafThrowsIsPassedOn() {
        struct Unreadable: Error {}
        #expect(throws: Unreadable.self) {
            try MerkleProof.inclusion(index: 0, size: 2) { (_: Int64) throws(Unreadable) in throw Unreadable()
            }
        }
    }

    // MARK: - Helpers

    private func includes(_ index: Int, _ size: Int, _ root: Hash, _ proof: [Hash]) -> Bool {
        MerkleProof.verifyInclusion(
            leaf: leaves[index], index: Int64(index), size: Int64(size), root: root, proof: proof)
    }

    private func extends(_ oldSize: Int, _ newSize: Int, _ proof: [Hash]) -> Bool {
        MerkleProof.verifyConsistency(
            from: Int64(oldSize), root: root(oldSize), to: Int64(newSize), root: root(newSize), proof: proof)
    }

    /// The proof with each single bit flipped.
    private func corruptions(of proof: [Hash]) -> [[Hash]] {
        proof.indices.flatMap { place in
            (0..<256).map { bit in
                var wrong = proof
                wrong[place] = wrong[place].flipping(bit: bit)
                return wrong
            }
        }
    }

    /// The proof with a hash too few, too many or in the wrong place.
    private func misfits(of proof: [Hash]) -> [[Hash]] {
        var wrong = [proof + [.empty], [.empty] + proof]
        if !proof.isEmpty { wrong += [Array(proof.dropLast()), Array(proof.dropFirst())] }
        if proof.count > 1 { wrong.append(proof.reversed()) }
        return wrong
    }
}

extension Hash {
    func flipping(bit: Int) -> Hash {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return Hash(bytes) ?? self
    }
}
