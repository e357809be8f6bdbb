import Event

extension EventType {
    /// The lane of a record with this data.
    public func lane(for data: JSON) -> String {
        lane.exceptions.first { $0.when.holds(in: data) }?.lane ?? lane.usual
    }

    /// When it happened as the data says; nil when only the moment of recording is known.
    public func occurredAt(in data: JSON) -> OccurredAt? {
        occurredField.flatMap { data[$0]?.stringValue }.flatMap(OccurredAt.init)
    }

    /// The subject that the data names; nil when the caller must give it or make a new one.
    public func subject(in data: JSON) -> String? {
        subject.field.flatMap { data[$0]?.stringValue }
    }

    /// The data with its subject's member set, where the type has one.
    public func naming(subject id: String, in data: JSON) -> JSON {
        subject.field.map { data.setting($0, to: .string(id)) } ?? data
    }
}
