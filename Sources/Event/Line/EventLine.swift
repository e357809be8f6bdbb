/// One event: a CloudEvents 1.0 object written as one line of JSON.
///
/// The exact bytes of a line are the truth: they are hashed, signed, stored and sent as they are. This type is for
/// writing new lines and for understanding those that arrived; what arrived is never encoded again.
public struct EventLine: Hashable, Sendable {
    /// The longest line, in bytes.
    public static let maximumBytes = JSONLimits.line.maximumBytes

    /// What happened, such as `visit.recorded`.
    public var type: String
    /// The version of the type that `data` follows; counted from 1.
    public var version: Int
    /// The log the line stands in, and its place there.
    public var source: LogName
    public var sequence: Int64
    /// Whom or what it concerns: the UUID of a person, household, case…
    public var subject: String
    /// When it was recorded, by the writer's wall clock.
    public var time: DateTime
    public var hybridTime: HybridTimestamp
    /// When it happened.
    public var occurredAt: OccurredAt
    /// Who recorded it, and in which role.
    public var actor: String
    public var role: String
    /// Where it belongs, and the edition of the region codes that is meant.
    public var region: RegionCode
    public var regionEdition: String
    public var correlationID: String?
    public var causationID: String?
    /// What an imported row is recognized by when it is imported again.
    public var dedupeKey: String?
    /// Members that this version does not know; kept when a line is read and written again.
    public var extensions: [JSONMember]
    /// The payload, an object.
    public var data: JSON

    public init(
        type: String, version: Int, source: LogName, sequence: Int64, subject: String, time: DateTime,
        hybridTime: HybridTimestamp, occurredAt: OccurredAt, actor: String, role: String, region: RegionCode,
        regionEdition: String, correlationID: String? = nil, causationID: String? = nil,
        dedupeKey: String? = nil, extensions: [JSONMember] = [], data: JSON
    ) {
        self.type = type
        self.version = version
        self.source = source
        self.sequence = sequence
        self.subject = subject
        self.time = time
        self.hybridTime = hybridTime
        self.occurredAt = occurredAt
        self.actor = actor
        self.role = role
        self.region = region
        self.regionEdition = regionEdition
        self.correlationID = correlationID
        self.causationID = causationID
        self.dedupeKey = dedupeKey
        self.extensions = extensions
        self.data = data
    }
}
