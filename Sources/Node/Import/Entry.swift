import Event

/// What somebody entered, wherever it came from: options of a command, a form, a row of a file.
public struct Entry: Sendable {
    /// Payload in plain; members that the program fills in may be missing.
    public var data: JSON
    /// UUID of what it is about; nil where the data says it or the record brings it into being.
    public var subject: String?
    /// When it happened, as written; nil where the data says it.
    public var occurredAt: String?
    /// For whom it is written, a region code; nil leaves it to the type.
    public var audience: String?

    public init(data: JSON, subject: String? = nil, occurredAt: String? = nil, audience: String? = nil) {
        self.data = data
        self.subject = subject
        self.occurredAt = occurredAt
        self.audience = audience
    }
}

/// Who records, and in which role.
public struct Author: Sendable {
    /// A pseudonym.
    public let actor: String
    /// Code of the list ROLE.
    public let role: String

    public init(actor: String, role: String) {
        self.actor = actor
        self.role = role
    }
}
