import Testing

@testable import Event

@Suite struct JSONValueTests {
    @Test func stringsAreEqualOnlyAsBytes() {
        let composed = JSON.string("\u{e9}")
        let decomposed = JSON.string("e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(JSON.object([JSONMember("\u{e9}", 1)])["e\u{301}"] == nil)
    }

    @Test func writesOnlyTheEscapesThatJSONDemands() {
        let value = JSON.string("\"\\/\u{8}\u{9}\u{a}\u{c}\u{d}\u{1}\u{1f}\u{7f}é🌾")
        #expect(value.description == #""\"\\/\b\t\n\f\r\u0001\u001f"# + "\u{7f}é🌾\"")
    }

    @Test func writesCompactlyAndKeepsTheOrderOfMembers() {
        let value: JSON = ["b": [1, true, "x"], "a": .decimal("1.50"), "c": .null]
        #expect(value.description == #"{"b":[1,true,"x"],"a":1.50,"c":null}"#)
    }

    @Test func setsReplacesAndRemovesMembers() {
        let value: JSON = ["a": 1, "b": 2]
        #expect(value.setting("a", to: 3).description == #"{"a":3,"b":2}"#)
        #expect(value.setting("c", to: 3).description == #"{"a":1,"b":2,"c":3}"#)
        #expect(value.setting("a", to: nil).description == #"{"b":2}"#)
        #expect(value.setting("c", to: nil) == value)
        #expect(JSON.null.setting("a", to: 1).description == #"{"a":1}"#)
    }

    @Test func askingTheWrongKindOfValueGivesNothing() {
        #expect(JSON.int(1).stringValue == nil)
        #expect(JSON.string("1").intValue == nil)
        #expect(JSON.array([])[0] == nil)
        #expect(JSON.array([])["a"] == nil)
        #expect(JSON.int(7).numberText == "7")
        #expect(JSON.decimal("7.0").numberText == "7.0")
    }
}

/// The examples of RFC 7396, appendix A, and the order of members.
@Suite struct JSONMergePatchTests {
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        (#"{"a":1,"b":2,"c":3}"#, #"{"d":4,"b":5}"#, #"{"a":1,"b":5,"c":3,"d":4}"#),
    ])
    func merges(original: String, patch: String, result: String) throws {
        let merged = try JSON.parse(original.utf8).merging(patch: try JSON.parse(patch.utf8))
        #expect(merged.description == result)
    }
}
