import Catalogue
import Event

/// Who asks, as far as the answer depends on it: role, region, a stake of their own. Every question names one.
public struct Reader: Sendable, Hashable {
    /// Code of the list ROLE; nil: the holder of the node's files, from whom its program can hide nothing.
    public let role: String?
    /// This region and all in it.
    public let region: RegionCode
    /// Has a stake of their own in the village, e.g. an organizer who is also a village official.
    public let isConflicted: Bool
    private let policy: AccessPolicy

    public init(role: String, region: RegionCode, isConflicted: Bool, policy: AccessPolicy) {
        self.role = role
        self.region = region
        self.isConflicted = isConflicted
        self.policy = policy
    }

    private init() {
        role = nil
        region = .nation
        isConflicted = false
        policy = .closed
    }

    /// Whoever holds the node's files: its operator at the command line, and the program itself.
    public static let holder = Reader()

    /// Code of the list READ_PURPOSE.
    public var purpose: String { role.map { policy.role($0)?.purpose ?? "" } ?? "operation" }

    /// What they see of a topic; nil: nothing.
    public func grant(_ topic: String) -> AccessPolicy.Grant? {
        guard let role else { return .whole }
        return policy.grant(topic, to: role, isConflicted: isConflicted)
    }

    func through(_ topic: String) -> AccessPolicy.Through? { policy.topic(topic)?.through }

    /// Whether any topic is theirs at all.
    public var seesAnything: Bool { role.map { policy.role($0)?.grants.isEmpty == false } ?? true }

    /// Whether they see the lines behind rows of a topic. A line names its subject, so where rows name persons or
    /// cases this takes the whole timeline.
    public func explains(_ topic: String) -> Bool {
        guard role != nil else { return true }
        guard grant(topic) != nil else { return false }
        return policy.topic(topic)?.isOpen == true || grant("timeline") == .whole
    }

    /// Whether they may open a record.
    /// - Parameters:
    ///   - event: its type.
    ///   - subject: the kind of its subject (`x-subject`).
    ///   - members: single values of its data, by name.
    public func mayRead(event: String, subject: String, members: [String: String]) -> Bool {
        guard role != nil else { return true }
        guard let grant = grant(policy.topic(ofEvent: event, subject: subject)) else { return false }
        let judged = { (rule: AccessPolicy.Rule) in rule.holds(for: members[rule.column]) }
        return (grant.only.isEmpty || grant.only.contains(where: judged)) && !grant.never.contains(where: judged)
    }
}
