import Catalogue
import Event

/// What a person or an import wants recorded, before it has a place in a log.
public struct Draft: Sendable {
    /// Event type, e.g. `visit.recorded`.
    public var type: String
    /// UUID of the entity; a new one is made for types that bring one into being.
    public var subject: String?
    /// The payload in plain, identifying members included: they are encrypted before anything is written.
    public var data: JSON
    /// When it happened; nil takes it from the payload as its type says, else the moment of recording.
    public var occurredAt: OccurredAt?
    /// Pseudonym of who records.
    public var actor: String
    /// Code of the list ROLE.
    public var role: String
    /// For whom it is written when the type does not say, e.g. the village of a case that a hub answers.
    public var audience: RegionCode?
    /// Region the record is about; nil: the audience's.
    public var region: RegionCode?
    public var correlationID: String?
    public var causationID: String?
    /// Source and natural key of an imported row: the same row counts once.
    public var dedupeKey: String?

    public init(
        type: String, subject: String? = nil, data: JSON, occurredAt: OccurredAt? = nil, actor: String, role: String,
        audience: RegionCode? = nil, region: RegionCode? = nil, correlationID: String? = nil,
        causationID: String? = nil, dedupeKey: String? = nil
    ) {
        self.type = type
        self.subject = subject
        self.data = data
        self.occurredAt = occurredAt
        self.actor = actor
        self.role = role
        self.audience = audience
        self.region = region
        self.correlationID = correlationID
        self.causationID = causationID
        self.dedupeKey = dedupeKey
    }
}

/// A record that was not saved, with everything that is wrong with it.
public struct InvalidDraft: Error, Sendable, CustomStringConvertible {
    public let type: String
    public let problems: [Problem]

    public var description: String {
        "\(type) was not saved: " + problems.map { "\($0.path): \($0.what.en) \($0.fix.en)" }.joined(separator: "; ")
    }
}
