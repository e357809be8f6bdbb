/// The edition of region codes that an answer counts by.
public struct RegionEdition: Sendable, Hashable {
    /// Codes in force on this day.
    public let day: LocalDay
    /// Codes that were divided, and under which counts from before remain.
    public let unassigned: [String]
}
