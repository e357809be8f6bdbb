/// Reads many event lines one after the other, without allocating for what is not asked for.
///
///     var reader = EventLineReader()
///     try reader.read(line)
///     if reader.equals(.type, "visit.recorded"), let place = reader.region { … }
///
/// Reading checks that the line is strict JSON and that every required attribute is there with the right kind of
/// value. How each value is written is checked when it is asked for, or for all at once by `line()`.
public struct EventLineReader: Sendable {
    /// The tokens of the last line read; `data` gives the index from which to go on.
    public private(set) var tape = JSONTape()
    /// The token index of each attribute's value, 0 where there is none: inline, to need no allocation.
    private var positions = SIMD32<Int32>()
    private var length = 0

    public init() {}

    /// Reads a line, replacing the one before. After an error nothing can be asked for.
    public mutating func read(_ bytes: UnsafeRawBufferPointer) throws(EventLineError) {
        positions = SIMD32()
        length = bytes.count
        do {
            try tape.scan(bytes, limits: .line)
        } catch {
            throw EventLineError(error)
        }
        guard tape.kind(0) == .object else {
            throw EventLineError(.notAnObject, at: tape.range(0).lowerBound)
        }
        locateAttributes()
        try checkKinds()
    }

    /// Reads a line, replacing the one before. After an error nothing can be asked for.
    public mutating func read(_ bytes: [UInt8]) throws(EventLineError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(EventLineError) in
            try read(UnsafeRawBufferPointer(buffer))
        }
    }

    private mutating func locateAttributes() {
        let end = tape.next(after: 0)
        var key = 1
        while key < end {
            if let attribute = attribute(atKey: key) {
                positions[attribute.position] = Int32(truncatingIfNeeded: key + 1)
            }
            key = tape.next(after: key + 1)
        }
    }

    /// The attribute that a member's key names; nil for one that this version does not know.
    func attribute(atKey key: Int) -> EventAttribute? {
        if tape.hasEscapes(key) { return tape.string(key).flatMap(EventAttribute.init(rawValue:)) }
        return tape.withText(key) { EventAttribute(key: $0) }
    }

    private mutating func checkKinds() throws(EventLineError) {
        for attribute in EventAttribute.allCases {
            guard let position = index(attribute) else {
                guard attribute.isRequired else { continue }
                positions = SIMD32()
                throw EventLineError(.missing(attribute), at: length)
            }
            if tape.kind(position) != (attribute == .data ? .object : .string) {
                let offset = tape.range(position).lowerBound
                positions = SIMD32()
                throw EventLineError(.wrongForm(attribute), at: offset)
            }
        }
    }
}

extension EventAttribute {
    /// The place of each attribute in the reader's table.
    @inline(__always)
    var position: Int {
        switch self {
        case .specversion: 0
        case .type: 1
        case .source: 2
        case .id: 3
        case .subject: 4
        case .time: 5
        case .dataschema: 6
        case .hlc: 7
        case .occurredat: 8
        case .actor: 9
        case .role: 10
        case .region: 11
        case .regionedition: 12
        case .correlationid: 13
        case .causationid: 14
        case .dedupekey: 15
        case .data: 16
        }
    }
}

// MARK: - Asking for attributes

extension EventLineReader {
    /// The token index of an attribute's value; nil where the line has none.
    public func index(_ attribute: EventAttribute) -> Int? {
        let index = Int(positions[attribute.position])
        return index > 0 ? index : nil
    }

    /// An attribute's text, decoded; nil where the line has none, and for `data`.
    public func string(_ attribute: EventAttribute) -> String? {
        index(attribute).flatMap(tape.string)
    }

    /// Whether an attribute has exactly this text.
    public func equals(_ attribute: EventAttribute, _ wanted: StaticString) -> Bool {
        index(attribute).map { tape.equals($0, wanted) } ?? false
    }

    public var type: String? { string(.type) }
    public var subject: String? { string(.subject) }
    public var source: LogName? { parsed(.source) { try? LogName($0) } }
    public var sequence: Int64? { parsed(.id) { SequenceNumber.parse($0.utf8) } }
    public var time: DateTime? { parsed(.time, DateTime.init) }
    public var occurredAt: OccurredAt? { parsed(.occurredat, OccurredAt.init) }
    public var hybridTime: HybridTimestamp? { parsed(.hlc) { HybridTimestamp($0) } }
    public var region: RegionCode? { parsed(.region) { try? RegionCode($0) } }
    /// The version of the type that `data` follows.
    public var version: Int? {
        guard let type, let schema = string(.dataschema) else { return nil }
        return DataSchema.version(in: schema, type: type)
    }
    /// The token index of `data`.
    public var data: Int? { index(.data) }

    private func parsed<Value>(_ attribute: EventAttribute, _ parse: (String) -> Value?) -> Value? {
        string(attribute).flatMap(parse)
    }
}
