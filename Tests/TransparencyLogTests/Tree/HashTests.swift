import Testing

@testable import TransparencyLog

@Suite struct HashTests {
    private let hex = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"

    @Test func hasThreeSpellings() throws {
        let hash = try #require(Hash(hex: hex))
        #expect(hash == Hash.leaf([UInt8]()))
        #expect(hash.hex == hex)
        #expect(hash.description == hex)
        #expect(hash.base64 == "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=")
        #expect(Hash(base64: hash.base64) == hash)
        #expect(Hash(hash.bytes) == hash)
        #expect(Set([hash, .empty, hash]).count == 2)
    }

    @Test func refusesOtherLengthsAndLetters() {
        #expect(Hash([UInt8](repeating: 0, count: 31)) == nil)
        #expect(Hash([UInt8](repeating: 0, count: 33)) == nil)
        #expect(Hash(hex: hex.uppercased()) == nil)
        #expect(Hash(hex: hex.dropLast()) == nil)
        #expect(Hash(hex: hex.dropLast() + "g") == nil)
        #expect(Hash(base64: "AAAA") == nil)
    }

    @Test func leavesAndNodesCannotBeTakenForEachOther() {
        let left = Hash.leaf(Array("a".utf8))
        let right = Hash.leaf(Array("b".utf8))
        #expect(Hash.node(left, right) != Hash.leaf(left.bytes + right.bytes))
        #expect(Hash.node(left, right) != Hash.node(right, left))
    }

    @Test func aLeafMayBeAnyCollection() {
        let bytes = Array("simpul".utf8)
        #expect(Hash.leaf(bytes) == Hash.leaf(bytes[...]))
        #expect(Hash.leaf(bytes) == Hash.leaf("simpul".utf8))
        #expect(Hash.leaf(bytes) == Hash.leaf(bytes.lazy.map { $0 }))
    }
}

/// RFC 4648, section 10, and the spellings that only a lenient reader takes.
@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func knowsTheRFCsExamples(text: String, encoded: String) {
        #expect(Base64.encode(text.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "====", "Z===", "Zm9v=", "Zg==Zg==", "Zm 9v", "Zm9v\n",
        "Zm9_", "Zm-v",
        "Zmé=", "Z=8=",
    ])
    func refusesEveryOtherSpelling(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: 0..<40)
    func decodesWhatItEncodes(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
}
