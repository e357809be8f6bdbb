import Testing

@testable import TransparencyLog

@Suite struct TreeEdgeTests {
    @Test func theEmptyTreeHasTheHashOfNothing() {
        #expect(TreeEdge().root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    /// The reference tree of the Certificate Transparency project.
    @Test func agreesWithCertificateTransparency() {
        let leaves: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], Array(0x50...0x57),
            Array(0x60...0x6F),
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var edge = TreeEdge()
        for (leaf, root) in zip(leaves, roots) {
            edge.append(leaf: .leaf(leaf))
            #expect(edge.root.hex == root)
        }
    }

    @Test func everyPrefixHasTheRootThatTheDefinitionGives() {
        let leaves = ReferenceTree.leaves(130)
        var edge = TreeEdge()
        for (index, leaf) in leaves.enumerated() {
            edge.append(leaf: leaf)
            #expect(edge.size == Int64(index + 1))
            #expect(edge.hashes.count == (index + 1).nonzeroBitCount)
            #expect(edge.root == ReferenceTree.root(leaves[...index]))
        }
        var atOnce = TreeEdge()
        atOnce.append(contentsOf: leaves)
        #expect(atOnce == edge)
    }

    @Test func isStoredAndGoesOn() throws {
        let leaves = ReferenceTree.leaves(70)
        for size in 0...69 {
            var edge = TreeEdge()
            edge.append(contentsOf: leaves.prefix(size))
            var stored = try #require(TreeEdge(edge.bytes))
            #expect(stored == edge)
            stored.append(leaf: leaves[size])
            #expect(stored.root == ReferenceTree.root(leaves[...size]))
        }
    }

    @Test func refusesBytesThatAreNoEdge() {
        var edge = TreeEdge()
        edge.append(contentsOf: ReferenceTree.leaves(5))
        let bytes = edge.bytes
        for length in 0..<bytes.count { #expect(TreeEdge(bytes.prefix(length)) == nil) }
        #expect(TreeEdge(bytes + [0]) == nil)
        #expect(TreeEdge([0xFF] + bytes.dropFirst()) == nil)
        #expect(TreeEdge(size: 3, hashes: [.empty]) == nil)
        #expect(TreeEdge(size: -1, hashes: []) == nil)
    }
}
