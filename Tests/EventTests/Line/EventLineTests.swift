import Testing

@testable import Event

extension EventLine {
    static func sample() throws -> EventLine {
        EventLine(
            type: "visit.recorded", version: 1,
            source: try LogName("lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4"),
            sequence: 7, subject: "a002b176-996b-4a7f-b8b7-3b0616f982bb",
            time: try #require(DateTime("2026-08-14T09:30:00+07:00")),
            hybridTime: HybridTimestamp(milliseconds: 1_786_674_600_000, counter: 2),
            occurredAt: try #require(OccurredAt("2026-08-13")), actor: "a-976e3d16",
            role: "community_organizer",
            region: try RegionCode("36.04.13.2007"), regionEdition: "2025-2430",
            data: ["purpose": "checkup", "minutes": 35])
    }
}

@Suite struct EventLineTests {
    @Test func isWrittenCompactlyInTheFixedOrder() throws {
        var line = try EventLine.sample()
        line.dedupeKey = "sipmi/77123"
        let expected =
            #"{"specversion":"1.0","type":"visit.recorded","#
            + #""source":"lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4","id":"7","#
            + #""subject":"a002b176-996b-4a7f-b8b7-3b0616f982bb","time":"2026-08-14T09:30:00+07:00","#
            + #""dataschema":"simpul:visit.recorded/1","hlc":"019ffe1ad840.0002","occurredat":"2026-08-13","#
            + #""actor":"a-976e3d16","role":"community_organizer","region":"36.04.13.2007","#
            + #""regionedition":"2025-2430","dedupekey":"sipmi/77123","data":{"purpose":"checkup","minutes":35}}"#
        #expect(String(decoding: try line.encoded(), as: UTF8.self) == expected)
    }

    @Test func isReadBackAsItWasWritten() throws {
        var line = try EventLine.sample()
        #expect(try EventLine(parsing: line.encoded()) == line)
        line.correlationID = "11111111-aa51-4690-9c15-861fcc8ca0b6"
        line.causationID = "\(line.source)#6~\(String(repeating: "ab", count: 32))"
        line.dedupeKey = "k"
        line.extensions = [JSONMember("tracestate", "x=1"), JSONMember("later", ["deep": [1, 2]])]
        #expect(try EventLine(parsing: line.encoded()) == line)
    }

    @Test func membersMayStandInAnyOrderWithSpacesAndEscapes() throws {
        let line = try EventLine.sample()
        let members = try #require(JSON.parse(line.encoded()).objectValue)
        let shuffled =
            "{ " + members.reversed().map { "\"\($0.key)\" :\t\($0.value)" }.joined(separator: " , ") + "}"
        #expect(try EventLine(parsing: Array(shuffled.utf8)) == line)
        let escaped = shuffled.split(separator: "\"type\"").joined(separator: #""\u0074ype""#)
        #expect(try EventLine(parsing: Array(escaped.utf8)) == line)
    }

    @Test(arguments: EventAttribute.allCases)
    func eachAttributeIsKnownToTheReader(attribute: EventAttribute) throws {
        let found = Array(attribute.rawValue.utf8).withUnsafeBytes { EventAttribute(key: $0) }
        #expect(found == attribute)
        #expect(EventAttribute.allCases.filter { $0.position == attribute.position } == [attribute])
    }

    @Test(arguments: EventAttribute.allCases)
    func whatIsMissingIsNamed(attribute: EventAttribute) throws {
        let whole = JSON.object(try #require(JSON.parse(EventLine.sample().encoded()).objectValue))
        let bytes = whole.setting(attribute.rawValue, to: nil).encoded()
        if attribute.isRequired {
            #expect(throws: EventLineError(.missing(attribute), at: bytes.count)) {
                try EventLine(parsing: bytes)
            }
        } else {
            _ = try EventLine(parsing: bytes)
        }
    }

    @Test(arguments: EventAttribute.allCases)
    func theWrongKindOfValueIsNamed(attribute: EventAttribute) throws {
        let whole = try JSON.parse(EventLine.sample().encoded())
        for wrong in [JSON.null, 7, true, [], attribute == .data ? "text" : JSON.object([])] {
            let bytes = whole.setting(attribute.rawValue, to: wrong).encoded()
            let error = #expect(throws: EventLineError.self) { try EventLine(parsing: bytes) }
            #expect(error?.reason == .wrongForm(attribute))
            #expect(error?.description.contains(attribute.rawValue) == true)
        }
    }

    @Test(arguments: [
        (EventAttribute.specversion, "0.3"), (.specversion, "1"), (.type, "visit"), (.type, "visit."),
        (.type, "Visit.recorded"), (.type, "visit..recorded"), (.type, "visit.9x"), (.source, "lontar-a"),
        (.id, "07"), (.id, "-1"), (.id, ""), (.id, "1099511627777"), (.subject, ""), (.subject, "a\nb"),
        (.subject, "a\u{7f}"), (.time, "2026-08-14"), (.dataschema, "simpul:visit.recorded"),
        (.dataschema, "simpul:visit.recorded/0"), (.dataschema, "simpul:visit.recorded/01"),
        (.dataschema, "simpul:visit.recorded/1000000"), (.dataschema, "simpul:visit.planned/1"),
        (.hlc, "0.0"),
        (.occurredat, "2026-13"), (.actor, ""), (.role, ""), (.region, "36.4"), (.region, "local"),
        (.regionedition, ""), (.correlationid, ""), (.causationid, ""), (.dedupekey, ""),
    ])
    func theWrongFormIsNamedAndFound(attribute: EventAttribute, text: String) throws {
        let line = try JSON.parse(EventLine.sample().encoded()).setting(attribute.rawValue, to: .string(text))
        let bytes = line.encoded()
        let error = #expect(throws: EventLineError.self) { try EventLine(parsing: bytes) }
        // A schema of another type and a type of another schema are one contradiction.
        #expect(error?.reason == .wrongForm(attribute) || attribute == .type)
        let offset = try #require(error?.offset)
        let start = Array(bytes.prefix(offset))
        #expect(String(decoding: start, as: UTF8.self).hasSuffix(#":""#), "points at the value")
    }

    @Test func textsAreBounded() throws {
        var line = try EventLine.sample()
        line.subject = String(repeating: "é", count: 128)
        #expect(try EventLine(parsing: line.encoded()) == line)
        line.subject += "x"
        let error = #expect(throws: EventLineError.self) { try line.encoded() }
        #expect(error?.reason == .wrongForm(.subject))
    }

    @Test func aLineIsBoundedInBytes() throws {
        var line = try EventLine.sample()
        line.data = ["text": ""]
        let room = EventLine.maximumBytes - (try line.encoded().count)
        line.data = ["text": .string(String(repeating: "x", count: room))]
        #expect(try line.encoded().count == EventLine.maximumBytes)
        line.data = ["text": .string(String(repeating: "x", count: room + 1))]
        let error = #expect(throws: EventLineError.self) { try line.encoded() }
        #expect(error?.reason == .malformed(.tooLong))
        #expect(error?.code == "too-large")
    }

    @Test(arguments: [
        (JSON.string("a\u{0}b"), JSONError.Reason.nullCharacter),
        (.int(9_007_199_254_740_992), .integerRange),
        (.decimal("1e5"), .exponent),
        (.decimal("-0"), .negativeZero),
        (.object([JSONMember("a", 1), JSONMember("a", 2)]), .duplicateKey),
    ])
    func nothingIsWrittenThatOthersRefuse(value: JSON, reason: JSONError.Reason) throws {
        var line = try EventLine.sample()
        line.data = ["value": value]
        let error = #expect(throws: EventLineError.self) { try line.encoded() }
        #expect(error?.reason == .malformed(reason))
    }

    @Test(arguments: ["[]", "null", "\"text\"", "7"])
    func jsonThatIsNoObjectIsNoEvent(text: String) {
        #expect(throws: EventLineError(.notAnObject, at: text == "\"text\"" ? 1 : 0)) {
            try EventLine(parsing: Array(text.utf8))
        }
    }

    @Test(arguments: 0..<80)
    func noBytesTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = try EventLine.sample().encoded()
        var reader = EventLineReader()
        for _ in 0..<100 {
            let mutated = bytes.mutated(using: &generator)
            let line = try? EventLine(parsing: mutated)
            do throws(EventLineError) {
                try reader.read(mutated)
                #expect(reader.sequence != nil || line == nil)
            } catch {
                #expect(line == nil)
                #expect(error.offset <= mutated.count)
                #expect(reader.type == nil && reader.data == nil)
            }
        }
    }
}

@Suite struct EventLineReaderTests {
    @Test func givesEachAttributeFromOneScan() throws {
        let line = try EventLine.sample()
        var reader = EventLineReader()
        try reader.read(line.encoded())
        #expect(reader.equals(.type, "visit.recorded"))
        #expect(!reader.equals(.type, "visit.planned"))
        #expect(reader.type == line.type)
        #expect(reader.version == line.version)
        #expect(reader.source == line.source)
        #expect(reader.sequence == line.sequence)
        #expect(reader.subject == line.subject)
        #expect(reader.time == line.time)
        #expect(reader.hybridTime == line.hybridTime)
        #expect(reader.occurredAt == line.occurredAt)
        #expect(reader.region == line.region)
        #expect(reader.string(.regionedition) == line.regionEdition)
        #expect(reader.string(.dedupekey) == nil)
        let data = try #require(reader.data)
        #expect(reader.tape.find("minutes", in: data).flatMap(reader.tape.integer) == 35)
        #expect(try reader.line() == line)
    }

    @Test func forgetsTheLineBefore() throws {
        var line = try EventLine.sample()
        line.dedupeKey = "k"
        var reader = EventLineReader()
        try reader.read(line.encoded())
        line.dedupeKey = nil
        try reader.read(line.encoded())
        #expect(reader.string(.dedupekey) == nil)
        #expect(throws: EventLineError.self) { try reader.read([]) }
        #expect(reader.type == nil)
    }

    @Test func askingBeforeReadingGivesNothing() {
        let reader = EventLineReader()
        #expect(reader.type == nil)
        #expect(reader.data == nil)
        #expect(throws: EventLineError.self) { try reader.line() }
    }
}
