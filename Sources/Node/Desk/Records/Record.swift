import Catalogue
import Event

/// A record as a person here may read it: effective values, identifying ones decrypted where the key is held.
public struct Record: Sendable {
    public enum Personal: Sendable, Hashable {
        case none
        case opened
        case unreadable(Unreadable)
    }

    /// A correction or retraction, in the order in which they apply.
    public struct Change: Sendable {
        public let key: RecordKey
        public let isRetraction: Bool
        public let line: EventLine
        /// Undone by a later record.
        public let isUndone: Bool
        /// The values after it.
        public let data: JSON
    }

    public let key: RecordKey
    public let reference: LineReference
    public let line: EventLine
    public let type: EventType?
    /// What was recorded first, decrypted.
    public let original: JSON
    /// What holds now.
    public let data: JSON
    public let occurredAt: OccurredAt
    public let personal: Personal
    public let changes: [Change]

    /// Why what identifies is not shown; nil when it is, or there is nothing.
    public var unreadable: Unreadable? {
        guard case .unreadable(let reason) = personal else { return nil }
        return reason
    }

    public var isRetracted: Bool { changes.contains { $0.isRetraction && !$0.isUndone } }
    public var isCorrected: Bool { changes.contains { !$0.isRetraction && !$0.isUndone } }
}
