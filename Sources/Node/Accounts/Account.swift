import Event

/// Someone who may open the pages of this node.
///
/// Names stay on the node: lines carry `actor`, a pseudonym.
public struct Account: Codable, Sendable, Hashable {
    /// What the person signs in with and is called by here, e.g. `Junali`.
    public var name: String
    /// Pseudonym in the lines that this person records, e.g. `co-3f9a1c20`.
    public var actor: String
    /// Code of the list ROLE.
    public var role: String
    /// The region whose data this person may see: the node's own, or one below it.
    public var region: String
    /// An organizer who is also a village official has a stake of their own, and sees less.
    public var isVillageOfficial: Bool?
    var secret: SecretHash
    /// Counts up when the person is signed out everywhere: older sessions carry the older number.
    var generation: Int?
    /// Switched off by the operator: nobody gets in, what it recorded stays.
    var disabled: Bool?
    /// Wrong secrets since the last right one.
    var failures: Int = 0
    /// Seconds since 1970 before which no further try is looked at.
    var closedUntil: Double?

    public var isDisabled: Bool { disabled ?? false }

    /// Whether a login made with `earlier` still stands: same person, secret and generation, not switched off.
    func continues(_ earlier: Account) -> Bool {
        actor == earlier.actor && name == earlier.name && secret == earlier.secret && generation == earlier.generation
            && !isDisabled
    }

    /// The region as a code.
    public func regionCode() throws -> RegionCode { try RegionCode(region) }
}
