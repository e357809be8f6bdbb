import Testing

@testable import Event

@Suite struct JSONTapeTests {
    private func tape(_ text: String) throws -> JSONTape {
        var tape = JSONTape()
        try tape.scan(Array(text.utf8))
        return tape
    }

    @Test func findsMembersWithoutLookingInsideOthers() throws {
        let tape = try tape(#"{"x":{"y":1,"z":[{"y":2}]},"y":3,"\u007a":4}"#)
        #expect(tape.find("y", in: 0).flatMap(tape.integer) == 3)
        #expect(tape.find("z", in: 0).flatMap(tape.integer) == 4)
        let inner = try #require(tape.find("x", in: 0))
        #expect(tape.find(Array("y".utf8), in: inner).flatMap(tape.integer) == 1)
        #expect(tape.find("missing", in: 0) == nil)
        #expect(tape.find("y", in: 1) == nil)
    }

    @Test func walksMembersAndElements() throws {
        let tape = try tape(#"{"a":[1,[2,3],"x"],"b":null}"#)
        var keys: [String?] = []
        tape.forEachMember(of: 0) { key, _ in keys.append(tape.string(key)) }
        #expect(keys == ["a", "b"])
        var kinds: [JSONKind] = []
        let array = try #require(tape.find("a", in: 0))
        tape.forEachElement(of: array) { kinds.append(tape.kind($0)) }
        #expect(kinds == [.integer, .array, .string])
    }

    @Test func givesTheTextOfAValueAsItStands() throws {
        let text = #"{"a": [1, 2] ,"b":"x\u0041","c":-1.50}"#
        let tape = try tape(text)
        func slice(_ key: StaticString) throws -> String {
            let index = try #require(tape.find(key, in: 0))
            return tape.withText(index) { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try slice("a") == "[1, 2]")
        #expect(try slice("b") == #"x\u0041"#)
        #expect(try slice("c") == "-1.50")
        let decoded = try #require(tape.find("b", in: 0))
        #expect(tape.string(decoded) == "xA")
        #expect(tape.equals(decoded, "xA"))
        #expect(!tape.equals(decoded, "xB"))
        #expect(Array(text.utf8)[tape.range(decoded)].first == UInt8(ascii: "x"))
    }

    @Test func isEmptyAfterAnErrorAndReadsOn() throws {
        var tape = try tape("[1]")
        #expect(throws: JSONError.self) { try tape.scan(Array("[1,".utf8)) }
        #expect(tape.count == 0)
        #expect(tape.find("a", in: 0) == nil)
        try tape.scan(Array(#"{"a":true}"#.utf8))
        #expect(tape.find("a", in: 0).flatMap(tape.boolean) == true)
    }

    @Test func readsIntegersAtBothEnds() throws {
        let tape = try tape("[9007199254740991,-9007199254740991,0,1.5]")
        #expect(tape.integer(1) == 9_007_199_254_740_991)
        #expect(tape.integer(2) == -9_007_199_254_740_991)
        #expect(tape.integer(3) == 0)
        #expect(tape.integer(4) == nil)
        #expect(tape.numberText(4) == "1.5")
    }

    @Test func scansOnlyTheBytesItIsGiven() throws {
        let text = Array(#"{"a":1}garbage"#.utf8)
        var tape = JSONTape()
        try text.withUnsafeBytes { try tape.scan(UnsafeRawBufferPointer(rebasing: $0[0..<7])) }
        #expect(tape.value(0) == ["a": 1])
    }
}
