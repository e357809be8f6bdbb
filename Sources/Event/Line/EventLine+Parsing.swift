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
        for attribute in EventAttribute.allCases where attribute != .data { _ = try optionalText(attribute) }
        guard equals(.specversion, "1.0") else { throw wrongForm(.specversion) }
        let type = try text(.type)
        guard DataSchema.isTypeName(type) else { throw wrongForm(.type) }
        return EventLine(
            type: type,
            version: try required(.dataschema, version),
            source: try required(.source, source),
            sequence: try required(.id, sequence),
            subject: try text(.subject),
            time: try required(.time, time),
            hybridTime: try required(.hlc, hybridTime),
            occurredAt: try required(.occurredat, occurredAt),
            actor: try text(.actor),
            role: try text(.role),
            region: try required(.region, region),
            regionEdition: try text(.regionedition),
            correlationID: try optionalText(.correlationid),
            causationID: try optionalText(.causationid),
            dedupeKey: try optionalText(.dedupekey),
            extensions: extensions(),
            data: tape.value(try required(.data, data)))
    }

    private func required<Value>(_ attribute: EventAttribute, _ value: Value?) throws(EventLineError) -> Value
    {
        guard let value else { throw wrongForm(attribute) }
        return value
    }

    /// Plain text of 1 to 256 bytes without control characters.
    private func text(_ attribute: EventAttribute) throws(EventLineError) -> String {
        let text = try required(attribute, string(attribute))
        guard (1...256).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw wrongForm(attribute)
        }
        return text
    }

    private func optionalText(_ attribute: EventAttribute) throws(EventLineError) -> String? {
        index(attribute) == nil ? nil : try text(attribute)
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
