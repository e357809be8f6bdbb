import Event

/// Who asks, once a login was checked.
public struct QueryReader: Sendable, Hashable {
    public var name: String
    /// Code of the list ROLE.
    public var role: String
    /// What this person may see: this region and all in it.
    public var region: RegionCode
    /// Pseudonym in lines.
    public var actor: String
    /// Is a village official beside the role.
    public var isVillageOfficial: Bool

    public init(
        name: String, role: String, region: RegionCode, actor: String? = nil, isVillageOfficial: Bool = false
    ) {
        self.name = name
        self.role = role
        self.region = region
        self.actor = actor ?? name
        self.isVillageOfficial = isVillageOfficial
    }
}

/// Knows who may ask. Calls block: run them off the cooperative pool.
public protocol QueryAuthority: Sendable {
    /// Checks a name and a password (HTTP Basic).
    func verify(name: String, password: String) throws -> QueryVerdict

    /// Name of the cookie of the pages' sessions; nil: there are none.
    var sessionCookie: String? { get }

    /// Whoever signed in on the pages with the cookies of this request; nil: nobody. Ask only about requests that a
    /// page of this server made: a browser adds cookies to those of others too.
    func reader(cookies: String) throws -> QueryReader?
}

/// What a try to sign in came to.
public enum QueryVerdict: Sendable, Hashable {
    case welcome(QueryReader)
    /// Unknown name or wrong password: one answer for both.
    case wrong
    /// Too many wrong tries; the next one is looked at in so many seconds.
    case wait(seconds: Int)
}
