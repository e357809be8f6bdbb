import Testing

@testable import TransparencyLog

@Suite struct TreeEdgeTests {
    @Test func theEmptyTreeHasTheHashOfNothing() {
        #expect(TreeEdge().root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
