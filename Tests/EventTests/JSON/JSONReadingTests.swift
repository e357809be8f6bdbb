import Testing

@testable import Event

/// The strict reader, rule by rule: what is read, and what is refused where.
@Suite struct JSONReadingTests {
    @Test(arguments: [
        ("null", JSON.null),
        ("true", .bool(true)),
        ("false", .bool(false)),
        ("0", .int(0)),
        ("-1", .int(-1)),
        ("9007199254740991", .int(9_007_199_254_740_991)),
        ("-9007199254740991", .int(-9_007_199_254_740_991)),
        ("1.0", .decimal("1.0")),
        ("-0.5", .decimal("-0.5")),
        ("0.00", .decimal("0.00")),
        ("12345.6789012345", .decimal("12345.6789012345")),
        ("0.000123456789012345", .decimal("0.000123456789012345")),
        (#""""#, .string("")),
        (#""a""#, .string("a")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u00e9\u00E9\u20ac\ud83c\udf3e""#, .string("éé€🌾")),
        (#""é€🌾""#, .string("é€🌾")),
        ("\"\u{7f}\"", .string("\u{7f}")),
        (#""\u001f""#, .string("\u{1f}")),
        ("[]", .array([])),
        ("{}", .object([])),
        ("[[],{}]", .array([.array([]), .object([])])),
        (" \t\r[ 1 ,\t2\r] ", .array([.int(1), .int(2)])),
        (#"{"b":1,"a":2}"#, .object([JSONMember("b", .int(1)), JSONMember("a", .int(2))])),
        (#"{"":0}"#, .object([JSONMember("", .int(0))])),
    ])
    func reads(text: String, value: JSON) throws {
        #expect(try JSON.parse(text.utf8) == value)
    }

    @Test(arguments: [
        ("", JSONError.Reason.empty, 0),
        ("  ", .empty, 2),
        ("nul", .unexpectedEnd, 3),
        ("nulL", .unexpectedByte, 3),
        ("True", .unexpectedByte, 0),
        ("NaN", .unexpectedByte, 0),
        ("+1", .unexpectedByte, 0),
        (".5", .unexpectedByte, 0),
        ("1 2", .trailingBytes, 2),
        ("{}{}", .trailingBytes, 2),
        ("[1,]", .unexpectedByte, 3),
        ("[,1]", .unexpectedByte, 1),
        ("[1 2]", .unexpectedByte, 3),
        ("[1", .unexpectedEnd, 2),
        ("[1}", .unexpectedByte, 2),
        ("]", .unexpectedByte, 0),
        (#"{"a":1,}"#, .unexpectedByte, 7),
        (#"{,"a":1}"#, .unexpectedByte, 1),
        (#"{"a" 1}"#, .unexpectedByte, 5),
        (#"{"a":}"#, .unexpectedByte, 5),
        (#"{"a"}"#, .unexpectedByte, 4),
        (#"{"a":1]"#, .unexpectedByte, 6),
        ("{a:1}", .unexpectedByte, 1),
        ("{1:1}", .unexpectedByte, 1),
        ("{'a':1}", .unexpectedByte, 1),
        ("[1/**/]", .unexpectedByte, 2),
        (#"{"a":"#, .unexpectedEnd, 5),
        (#""a"#, .unexpectedEnd, 2),
        (#""a\"#, .unexpectedEnd, 3),
        (#""a\u00"#, .unexpectedEnd, 6),
    ])
    func refusesWrongStructure(text: String, reason: JSONError.Reason, offset: Int) {
        expectRefusal(Array(text.utf8), reason, at: offset)
    }

    @Test(arguments: [
        ("-", JSONError.Reason.unexpectedEnd, 1),
        ("-a", .unexpectedByte, 1),
        ("1.", .unexpectedEnd, 2),
        ("1.a", .unexpectedByte, 2),
        ("01", .leadingZero, 0),
        ("-01", .leadingZero, 1),
        ("00.5", .leadingZero, 0),
        ("-0", .negativeZero, 0),
        ("-0.0", .negativeZero, 0),
        ("1e3", .exponent, 1),
        ("1E3", .exponent, 1),
        ("1.5e-3", .exponent, 3),
        ("0e0", .exponent, 1),
        ("9007199254740992", .integerRange, 0),
        ("-9007199254740992", .integerRange, 0),
        ("18446744073709551617", .integerRange, 0),
        ("1234567890123456.0", .decimalDigits, 0),
        ("0.1234567890123456", .decimalDigits, 0),
        ("1.000000000000000", .decimalDigits, 0),
        ("1a", .trailingBytes, 1),
        ("0x10", .trailingBytes, 1),
    ])
    func refusesNumbersThatNotEveryReaderHolds(text: String, reason: JSONError.Reason, offset: Int) {
        expectRefusal(Array(text.utf8), reason, at: offset)
    }

    @Test(arguments: [
        (#""\x41""#, JSONError.Reason.invalidEscape, 1),
        (#""\U0041""#, .invalidEscape, 1),
        (#""\u00g1""#, .invalidEscape, 5),
        (#""\u0000""#, .nullCharacter, 1),
        (#"{"a\u0000":1}"#, .nullCharacter, 3),
        ("\"a\u{0}\"", .nullCharacter, 2),
        ("\"\t\"", .controlCharacter, 1),
        ("\"\u{1f}\"", .controlCharacter, 1),
        (#""\ud83c""#, .loneSurrogate, 1),
        (#""\ud83cx""#, .loneSurrogate, 1),
        (#""\ud83c\n""#, .loneSurrogate, 1),
        (#""\ud83c\u0041""#, .loneSurrogate, 1),
        (#""\ud83c\ud83c""#, .loneSurrogate, 1),
        (#""\udf3e""#, .loneSurrogate, 1),
        (#""\uffff""#, .noncharacter, 1),
        (#""\ud83f\udfff""#, .noncharacter, 1),
        (#""\ufdd0""#, .noncharacter, 1),
    ])
    func refusesStringsThatAreNoInteroperableText(text: String, reason: JSONError.Reason, offset: Int) {
        expectRefusal(Array(text.utf8), reason, at: offset)
    }

    @Test(
        arguments: [
            [0x80],  // a continuation byte alone
            [0xC3],  // cut short
            [0xC0, 0xAF],  // overlong forms of “/”
            [0xC1, 0x81],
            [0xE0, 0x80, 0xAF],
            [0xF0, 0x80, 0x80, 0xAF],
            [0xED, 0xA0, 0x80],  // surrogates
            [0xED, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80],  // beyond U+10FFFF
            [0xF5, 0x80, 0x80, 0x80],
            [0xFF],
            [0xE2, 0x82],
            [0xE2, 0x28, 0xA1],
        ] as [[UInt8]])
    func refusesBytesThatAreNotUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        expectRefusal([quote, 0x61] + bytes + [quote], .invalidUTF8, at: 2)
        // In each of the eight places that are looked at together, too.
        for shift in 0..<9 {
            let before = [quote] + [UInt8](repeating: 0x61, count: shift)
            expectRefusal(before + bytes + [quote], .invalidUTF8, at: 1 + shift)
        }
    }

    @Test(
        arguments: [
            [0xEF, 0xB7, 0x90], [0xEF, 0xB7, 0xAF], [0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x9F, 0xBF, 0xBE],
            [0xF4, 0x8F, 0xBF, 0xBF],
        ] as [[UInt8]])
    func refusesNoncharacters(bytes: [UInt8]) {
        expectRefusal(Array("\"".utf8) + bytes + Array("\"".utf8), .noncharacter, at: 1)
    }

    @Test func refusesAByteOrderMark() {
        expectRefusal([0xEF, 0xBB, 0xBF] + Array("{}".utf8), .byteOrderMark, at: 0)
    }

    @Test(arguments: [("[\n1]", 1), ("{}\n", 2), ("\n", 0), ("\"a\nb\"", 2), ("[1\n]", 2)])
    func aLineHoldsNoNewline(text: String, offset: Int) {
        expectRefusal(Array(text.utf8), .newline, at: offset)
    }

    @Test func aDocumentMayHoldNewlinesButNotInStrings() throws {
        #expect(try JSON.parse("[\n1\n]\n".utf8, limits: .document) == [1])
        expectRefusal(Array("\"a\nb\"".utf8), .controlCharacter, at: 2, limits: .document)
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSON.parse(nested(16))
        expectRefusal(nested(17), .tooDeep, at: 16)
        expectRefusal(nested(30_000), .tooDeep, at: 16)
        let mixed = #"{"a":"# + String(repeating: #"[{"a":"#, count: 8) + "1"
        expectRefusal(Array(mixed.utf8), .tooDeep, at: mixed.utf8.count - 6)
    }

    @Test func lengthIsBounded() throws {
        let quotes = "\"\"".utf8.count
        let longest = "\"" + String(repeating: "x", count: 65_536 - quotes) + "\""
        _ = try JSON.parse(longest.utf8)
        expectRefusal(Array((longest + " ").utf8), .tooLong, at: 65_536)
    }

    /// Strings end, or hold something special, at every place within the eight bytes looked at together.
    @Test func everyPlaceInAWordIsLookedAt() throws {
        for length in 0..<40 {
            let plain = String(repeating: "a", count: length)
            #expect(try JSON.parse("\"\(plain)\"".utf8) == .string(plain))
            #expect(try JSON.parse("\"\(plain)\\n\(plain)\"".utf8) == .string("\(plain)\n\(plain)"))
            #expect(try JSON.parse("\"\(plain)é\(plain)\"".utf8) == .string("\(plain)é\(plain)"))
            expectRefusal(Array("\"\(plain)\u{1}\(plain)\"".utf8), .controlCharacter, at: 1 + length)
            expectRefusal(Array("\"\(plain)".utf8), .unexpectedEnd, at: 1 + length)
        }
    }
}

/// Duplicate keys: compared as bytes, after escapes, in objects of any size.
@Suite struct JSONDuplicateKeyTests {
    @Test(arguments: [
        (#"{"a":1,"a":1}"#, 7),
        (#"{"a":1,"\u0061":2}"#, 7),
        (#"{"\u0061":1,"a":2}"#, 12),
        (#"{"\u0061":1,"\u0061":2}"#, 12),
        (#"{"é":1,"\u00e9":2}"#, 8),
        (#"{"":1,"":2}"#, 6),
        (#"{"x":{"b":{"c":1,"d":2,"c":3}}}"#, 23),
        (#"{"abcdefghijklmnop":1,"abcdefghijklmnop":2}"#, 22),
        (#"{"a":{"a":1},"b":[],"a":{}}"#, 20),
    ])
    func refuses(text: String, offset: Int) {
        expectRefusal(Array(text.utf8), .duplicateKey, at: offset)
    }

    @Test(arguments: [
        #"{"é":1,"é":2}"#.replacingKey(with: "e\u{301}"),
        #"{"a":{"a":1},"b":{"a":1}}"#,
        #"[{"a":1},{"a":1}]"#,
        #"{"a":1,"A":2}"#,
        #"{"a":1,"aa":2,"aaa":3}"#,
        // Alike in length and in their first and last eight bytes.
        #"{"abcdefgh1ijklmnop":1,"abcdefgh2ijklmnop":2}"#,
    ])
    func keepsKeysApartThatDifferInAnyByte(text: String) throws {
        _ = try JSON.parse(text.utf8)
    }

    @Test(arguments: [31, 32, 33, 34, 200, 3_000])
    func looksThroughLargeObjects(members: Int) throws {
        let keys = (0..<members).map { "\"key\($0)\":\($0)" }
        _ = try JSON.parse("{\(keys.joined(separator: ","))}".utf8)
        for repeated in [0, members / 2, members - 1] {
            let start = "{\(keys.joined(separator: ",")),"
            expectRefusal(Array("\(start)\"key\(repeated)\":0}".utf8), .duplicateKey, at: start.utf8.count)
            expectRefusal(
                Array("\(start)\"\\u006bey\(repeated)\":0}".utf8), .duplicateKey, at: start.utf8.count)
        }
    }

    @Test func reportsTheFirstRepetitionInALargeObject() {
        let keys = (0..<50).map { "\"k\($0)\":0" }.joined(separator: ",")
        let start = "{\(keys),"
        expectRefusal(Array("\(start)\"k9\":0,\"k1\":0,\"k9\":0}".utf8), .duplicateKey, at: start.utf8.count)
    }
}

extension String {
    /// Replaces the second “é” by another spelling.
    fileprivate func replacingKey(with spelling: String) -> String {
        let parts = split(separator: "é", omittingEmptySubsequences: false)
        return "\(parts[0])é\(parts[1])\(spelling)\(parts[2])"
    }
}

func expectRefusal(
    _ bytes: [UInt8], _ reason: JSONError.Reason, at offset: Int, limits: JSONLimits = .line,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(throws: JSONError(reason, at: offset), sourceLocation: sourceLocation) {
        try JSON.parse(bytes, limits: limits)
    }
}
