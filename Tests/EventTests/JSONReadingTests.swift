import Testing

@testable import Event

@Suite struct JSONReadingTests {
    @Test func readsEveryKindOfValue() throws {
        let text = #"{"a":null,"b":true,"c":false,"d":-12,"e":1.50,"f":"x\n\u00e9\ud83d\ude00","g":[],"h":{"i":[1,[2]]}}"#
        let value = try JSON.parse(Array(text.utf8))
        #expect(value["d"] == .int(-12))
        #expect(value["e"] == .decimal("1.50"))
        #expect(value["f"]?.stringValue == "x\né😀")
        #expect(value["h"]?["i"]?[1]?[0] == 2)
        #expect(try JSON.parse(value.encoded()) == value)
    }
}
