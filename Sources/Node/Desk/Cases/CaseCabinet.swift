import Event

/// The cases of this node's region.
public struct CaseCabinet: Sendable {
    static let opened = "case.opened"

    let index: RecordIndex
    let reader: RecordReader

    /// Nil when there is no such case, or its opening was taken back.
    public func file(_ id: String) throws -> CaseFile? {
        let entries = index.about(id).filter { $0.subject == id }
        let records = try reader.records(entries).filter { !$0.isRetracted }
        guard let opening = records.first(where: { $0.line.type == Self.opened }) else { return nil }
        let others = records.filter {
            $0.key != opening.key && ![RecordReader.corrected, RecordReader.retracted].contains($0.line.type)
        }
        return CaseFile(id: id, opening: opening, records: [opening] + others)
    }

    /// All cases, the most urgent first: danger, then those not closed, then the newest.
    public func all() throws -> [CaseFile] {
        let ids = Set(index.ofType(Self.opened).map(\.subject))
        // A list of cases shows no one's data; what names are beside them is noted where they are written.
        return try Readings.quietly { try ids.compactMap(file) }.sorted { left, right in
            if left.isClosed != right.isClosed { return right.isClosed }
            if left.isDangerous != right.isDangerous { return left.isDangerous }
            if left.openedOn != right.openedOn { return left.openedOn > right.openedOn }
            return left.id < right.id
        }
    }

    public func open() throws -> [CaseFile] { try all().filter { !$0.isClosed } }

    /// Cases about a person.
    public func about(person: String) throws -> [CaseFile] {
        let ids = index.about(person).filter { $0.type == Self.opened }.map(\.subject)
        return try Readings.quietly { try Set(ids).sorted().compactMap(file) }
    }
}
