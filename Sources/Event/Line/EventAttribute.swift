/// The members of an event line, in the order in which they are written.
public enum EventAttribute: String, Hashable, Sendable, CaseIterable {
    case specversion, type, source, id, subject, time, dataschema, hlc, occurredat, actor, role, region,
        regionedition, correlationid, causationid, dedupekey, data

    public var isRequired: Bool {
        switch self {
        case .correlationid, .causationid, .dedupekey: false
        default: true
        }
    }

    /// What the value must look like, for messages.
    var rule: String {
        switch self {
        case .specversion: "the text 1.0"
        case .type: "a name such as visit.recorded: words of a-z, 0-9 and _, joined by dots"
        case .source: "the log's name, NODE/AUDIENCE:LANE/EPOCH"
        case .id: "the line's sequence in its log, in decimal digits, as a text"
        case .time: "a date-time with offset, such as 2026-08-14T09:30:00+07:00"
        case .dataschema: "simpul:TYPE/VERSION, with the line's own type"
        case .hlc: "12 hexadecimal digits, a dot and 4 more"
        case .occurredat: "a year, month, day or date-time, such as 2026-08-14"
        case .region: "a region code such as 36.04.13.2007"
        case .subject, .actor, .role, .regionedition, .correlationid, .causationid, .dedupekey:
            "a text of 1 to 256 bytes without control characters"
        case .data: "an object"
        }
    }

    /// The attribute a key names. Called for every member of every line, hence by length first.
    @inline(__always)
    init?(key: UnsafeRawBufferPointer) {
        let candidates: (EventAttribute, StaticString, EventAttribute, StaticString)
        switch key.count {
        case 2: candidates = (.id, "id", .id, "id")
        case 3: candidates = (.hlc, "hlc", .hlc, "hlc")
        case 4:
            if key[0] == UInt8(ascii: "t") {
                candidates = (.type, "type", .time, "time")
            } else {
                candidates = (.role, "role", .data, "data")
            }
        case 5: candidates = (.actor, "actor", .actor, "actor")
        case 6: candidates = (.source, "source", .region, "region")
        case 7: candidates = (.subject, "subject", .subject, "subject")
        case 9: candidates = (.dedupekey, "dedupekey", .dedupekey, "dedupekey")
        case 10: candidates = (.dataschema, "dataschema", .occurredat, "occurredat")
        case 11: candidates = (.specversion, "specversion", .causationid, "causationid")
        case 13: candidates = (.regionedition, "regionedition", .correlationid, "correlationid")
        default: return nil
        }
        if key.hasBytes(of: candidates.1) {
            self = candidates.0
        } else if key.hasBytes(of: candidates.3) {
            self = candidates.2
        } else {
            return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func hasBytes(of text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<count where self[offset] != text.utf8Start[offset] { return false }
        return true
    }
}
