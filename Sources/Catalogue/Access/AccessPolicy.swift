/// Who may see what: by role and by topic, as data. The engine and the pages ask it; nothing else decides.
///
/// Region is not part of it: it bounds whatever the policy grants.
public struct AccessPolicy: Sendable, Hashable {
    /// What rows and records are about, as far as access goes.
    public struct Topic: Sendable, Hashable {
        public var name: String
        public var label: LocalizedText
        /// Names no person and no one's case: the lines behind its rows may be shown to whoever sees the rows.
        public var isOpen: Bool
        /// Kinds of subject (`x-subject`) whose records belong to it.
        public var subjects: Set<String>
        /// Event types that belong to it whatever their subject.
        public var events: Set<String>
        /// How rows that lack a rule's column are judged: by the row of another model that their column names.
        public var through: Through?
    }

    public struct Through: Sendable, Hashable {
        public var column: String
        public var model: String
    }

    /// A condition on one column of a row, or on the member of that name of a record.
    public struct Rule: Sendable, Hashable {
        public var column: String
        /// Whole values; numbers in decimal.
        public var values: [String]
        /// Beginnings of values.
        public var prefixes: [String]

        public init(column: String, values: [String] = [], prefixes: [String] = []) {
            self.column = column
            self.values = values
            self.prefixes = prefixes
        }

        public func holds(for value: String?) -> Bool {
            guard let value else { return false }
            return values.contains(value) || prefixes.contains { value.utf8.starts(with: $0.utf8) }
        }
    }

    /// What somebody sees of a topic.
    public struct Grant: Sendable, Hashable {
        /// Columns that are left out.
        public var hidden: Set<String> = []
        /// Only rows for which one of these holds; empty: all.
        public var only: [Rule] = []
        /// No row for which one of these holds.
        public var never: [Rule] = []

        public static let whole = Grant()

        public func limited(by other: Grant) -> Grant {
            Grant(
                hidden: hidden.union(other.hidden), only: only.isEmpty ? other.only : only, never: never + other.never)
        }
    }

    public struct Role: Sendable, Hashable {
        /// Code of the list ROLE.
        public var code: String
        /// Code of the list READ_PURPOSE: what the role reads for, and what is written down with each reading.
        public var purpose: String
        public var grants: [String: Grant]
    }

    /// What remains to someone with a stake of their own in the village: an organizer who is also a village
    /// official.
    public struct Conflict: Sendable, Hashable {
        /// Roles that always have such a stake.
        public var roles: Set<String> = []
        /// By topic, what is taken away; nil: all of it.
        public var limits: [String: Grant?] = [:]
    }

    public var topics: [Topic]
    public var roles: [Role]
    public var conflict: Conflict

    /// Nobody sees anything.
    public static let closed = AccessPolicy(topics: [], roles: [], conflict: Conflict())

    /// The topic of models that name none.
    public static let otherTopic = "other"

    public func topic(_ name: String) -> Topic? { topics.first { $0.name == name } }

    public func role(_ code: String) -> Role? { roles.first { $0.code == code } }

    /// The topic of a record.
    public func topic(ofEvent type: String, subject: String) -> String {
        topics.first { $0.events.contains(type) }?.name ?? topics.first { $0.subjects.contains(subject) }?.name
            ?? Self.otherTopic
    }

    /// What a role sees of a topic; nil: nothing.
    public func grant(_ topic: String, to role: String, isConflicted: Bool) -> Grant? {
        guard let grant = self.role(role)?.grants[topic] else { return nil }
        guard isConflicted || conflict.roles.contains(role) else { return grant }
        guard let limit = conflict.limits[topic] else { return grant }
        return limit.map(grant.limited(by:))
    }
}
