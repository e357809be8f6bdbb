extension EventLine {
    /// Understands a line, strictly. Never traps, whatever the bytes.
    public init(parsing bytes: [UInt8]) throws(EventLineError) {
        var reader = EventLineReader()
        try reader.read(bytes)
        self = try reader.line()
    }
}

extension EventLineReader {
    /// The whole of the line read last, every attribute checked.
    public func line() throws(EventLineError) -> EventLine {
        try checkTexts()
        guard equals(.specversion, "1.0") else { throw wrongForm(.specversion) }
        let type = try required(.type, self.type)
        guard DataSchema.isTypeName(type) else { throw wrongForm(.type) }
        return EventLine(
            type: type,
            version: try required(.dataschema, version),
            source: try required(.source, source),
            sequence: try required(.id, sequence),
            subject: try required(.subject, string(.subject)),
            time: try required(.time, time),
            hybridTime: try required(.hlc, hybridTime),
            occurredAt: try required(.occurredat, occurredAt),
            actor: try required(.actor, string(.actor)),
            role: try required(.role, string(.role)),
            region: try required(.region, region),
            regionEdition: try required(.regionedition, string(.regionedition)),
            correlationID: string(.correlationid),
            causationID: string(.causationid),
            dedupeKey: string(.dedupekey),
            extensions: extensions(),
            data: tape.value(try required(.data, data)))
    }

    private func required<Value>(_ attribute: EventAttribute, _ value: Value?) throws(EventLineError) -> Value {
        guard let value else { throw wrongForm(attribute) }
        return value
    }

    /// Every attribute but `data` is a text of 1 to 256 bytes without control characters.
    private func checkTexts() throws(EventLineError) {
        for attribute in EventAttribute.allCases where attribute != .data {
            guard let index = index(attribute) else { continue }
            let isPlain =
                if tape.hasEscapes(index) {
                    tape.string(index).map { Self.isPlain($0.utf8) } ?? false
                } else {
                    tape.withText(index) { Self.isPlain($0) }
                }
            guard isPlain else { throw wrongForm(attribute) }
        }
    }

    private static func isPlain(_ text: some Collection<UInt8>) -> Bool {
        (1...256).contains(text.count) && text.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private func wrongForm(_ attribute: EventAttribute) -> EventLineError {
        EventLineError(.wrongForm(attribute), at: index(attribute).map { tape.range($0).lowerBound } ?? 0)
    }

    private func extensions() -> [JSONMember] {
        var members: [JSONMember] = []
        tape.forEachMember(of: 0) { key, value in
            guard attribute(atKey: key) == nil, let name = tape.string(key) else { return }
            members.append(JSONMember(name, tape.value(value)))
        }
        return members
    }
}
