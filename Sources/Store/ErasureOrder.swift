import Event
import Sync

/// One key holder that an erasure order names (`protocol/06-personal-data.md`).
public struct ErasureOrder: Sendable, Hashable {
    /// The line that every node obeys.
    static let type = "privacy.erasure_ordered"
    /// All keys there are and will be: the person can never be read again under this UUID.
    static let allKeys = Int64.max

    /// UUID of the person, or of a household or case whose notes may name her.
    public let holder: String
    /// Every key of the holder with this number or a lower one is destroyed.
    public let through: Int64
    /// The order, `LOG#SEQUENCE~HASH`.
    public let reference: String
    /// The village for which it was written.
    public let region: String
    /// When it was ordered, RFC 3339.
    public let at: String

    public init(holder: String, through: Int64, reference: String, region: String, at: String) {
        self.holder = holder
        self.through = through
        self.reference = reference
        self.region = region
        self.at = at
    }

    public func covers(_ name: KeyName) -> Bool { name.holder == holder && name.number <= through }

    /// The person first. What cannot be read in `also` is passed over: it must not keep the person from being erased.
    ///
    /// A village orders nothing: who could be bribed there must not be able to destroy what protects her. Nor does a hub
    /// outside of its region.
    static func all(in line: EventLine, reference: LineReference, by author: Enrolment) -> [ErasureOrder] {
        guard author.role != .village, line.type == type, line.data["person_id"]?.stringValue == line.subject,
            let region = reference.log.audience.region, region.isAtOrBelow(author.region)
        else { return [] }
        let make = { holder, through in
            ErasureOrder(
                holder: holder, through: through, reference: reference.description, region: region.description,
                at: line.time.description)
        }
        let others = (line.data["also"]?.arrayValue ?? []).compactMap { other -> KeyName? in
            guard let holder = other["holder"]?.stringValue, let through = other["through"]?.intValue else {
                return nil
            }
            return KeyName("\(holder)/\(through)")
        }
        return [make(line.subject, allKeys)] + others.map { make($0.holder, $0.number) }
    }
}
