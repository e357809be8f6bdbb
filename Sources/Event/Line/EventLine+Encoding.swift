extension EventLine {
    /// The line's bytes: compact, members in the fixed order, no newline.
    ///
    /// What comes out has been read back by the strict reader, so nothing is ever written that others refuse.
    public func encoded() throws(EventLineError) -> [UInt8] {
        var members: [JSONMember] = []
        func add(_ attribute: EventAttribute, _ text: String?) {
            if let text { members.append(JSONMember(attribute.rawValue, .string(text))) }
        }
        add(.specversion, "1.0")
        add(.type, type)
        add(.source, source.description)
        add(.id, String(sequence))
        add(.subject, subject)
        add(.time, time.description)
        add(.dataschema, DataSchema.text(type: type, version: version))
        add(.hlc, hybridTime.description)
        add(.occurredat, occurredAt.description)
        add(.actor, actor)
        add(.role, role)
        add(.region, region.description)
        add(.regionedition, regionEdition)
        add(.correlationid, correlationID)
        add(.causationid, causationID)
        add(.dedupekey, dedupeKey)
        members += extensions
        members.append(JSONMember(EventAttribute.data.rawValue, data))
        let bytes = JSON.object(members).encoded()
        _ = try EventLine(parsing: bytes)
        return bytes
    }
}
