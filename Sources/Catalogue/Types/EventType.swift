import Event

/// An event type: what may be written, by whom, into which log, and how it is asked.
public struct EventType: Sendable, Hashable {
    /// For example `visit.recorded`.
    public var name: String
    /// The version in `dataschema`, from 1.
    public var version: Int
    public var label: LocalizedText
    public var about: LocalizedText?
    public var subject: Subject
    public var audience: Audience
    public var lane: LaneChoice
    /// As sensitive as its most sensitive field.
    public var sensitivity: Sensitivity
    /// Whether a village may write it without a line.
    public var offline: Bool
    /// Roles (code list ROLE) that may write it; empty: every role of the node.
    public var roles: [String]
    /// Kinds of node where people record it.
    public var nodes: Set<NodeKind>
    /// The member that says when it happened; without one, the moment of recording.
    public var occurredField: String?
    /// Members, in order, whose UUID names whose key encrypts the personal members; none present: the
    /// subject.
    public var keyHolderFields: [String]
    public var fields: [Field]
    /// A complete valid `data`, with personal members unencrypted.
    public var example: JSON
    /// Members that together name the same fact in two imports of it; empty: the whole `data`.
    public var naturalKey: [String]
    /// What must be consented to before its personal members are recorded.
    public var consent = Consent()

    /// `simpul:visit.recorded/1`, the line's `dataschema`.
    public var schemaName: String { "simpul:\(name)/\(version)" }

    public func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

extension EventType {
    /// What the line's `subject` names.
    public struct Subject: Sendable, Hashable {
        /// `person`, `household`, `case`, `p3mi`, `region`, `node`, …
        public var kind: String
        /// The member of `data` that repeats it; nil when only the line's subject says it.
        public var field: String?
        /// The record brings the entity into being: without a given subject, make a new UUID.
        public var isNew: Bool

        public init(kind: String, field: String? = nil, isNew: Bool = false) {
            self.kind = kind
            self.field = field
            self.isNew = isNew
        }
    }

    /// What its identifying members serve. Without consent to that, or another lawful basis, they are not recorded.
    public struct Consent: Sendable, Hashable {
        /// Code of PURPOSE; nil: no consent is needed, as for the consent itself.
        public var purpose: String?
        /// When it holds, somebody's life is in danger, which is a basis of its own.
        public var vitalWhen: Condition?

        public init(purpose: String? = "protection", vitalWhen: Condition? = nil) {
            self.purpose = purpose
            self.vitalWhen = vitalWhen
        }
    }

    /// For whom it is written: which log's audience.
    public struct Audience: Sendable, Hashable {
        public enum Level: String, Sendable, Hashable, CaseIterable {
            case village, regency, nation
            /// The recording node's own region.
            case own
            /// The audience of the record that this one corrects or takes back.
            case target
            /// Never leaves the node.
            case local
        }
        public var level: Level
        /// The member of `data` holding the region, e.g. `to_village`; nil: the region of the subject, else
        /// the node's.
        public var field: String?

        public init(level: Level, field: String? = nil) {
            self.level = level
            self.field = field
        }
    }

    /// Which lane of that log: the lane of the first condition that holds, else the usual one.
    public struct LaneChoice: Sendable, Hashable {
        public struct Exception: Sendable, Hashable {
            public var lane: String
            public var when: Condition

            public init(lane: String, when: Condition) {
                self.lane = lane
                self.when = when
            }
        }
        public var usual: String
        public var exceptions: [Exception]

        public init(usual: String = "main", exceptions: [Exception] = []) {
            self.usual = usual
            self.exceptions = exceptions
        }
    }

    public enum NodeKind: String, Sendable, Hashable, CaseIterable {
        case village, hub, centre
        /// Written by the program, not by people.
        case program
    }
}
