import Event

/// Who lives in a village of the workload, and what time it is there.
struct VillageLife: Sendable {
    let region: RegionCode
    private var entities: [String: [String]] = [:]
    private var milliseconds: Int64

    /// Persons, households, cases, … that lines of one village are about: so many of each.
    static let population = 60

    init(region: RegionCode, start: Int64 = 1_767_571_200_000) {
        self.region = region
        milliseconds = start
    }

    /// Western Indonesian time.
    var moment: DateTime { DateTime(milliseconds: milliseconds, offsetMinutes: 420) }

    /// Work goes on: some minutes later, and after some hours tomorrow.
    mutating func pass(_ random: inout SeededRandom) {
        milliseconds += Int64.random(in: 5...90, using: &random) * 60_000
    }

    /// One of those known here, or a new one while the village is not full.
    mutating func identifier(of entity: String, _ random: inout SeededRandom) -> String {
        let known = entities[entity] ?? []
        if known.count == Self.population || (!known.isEmpty && random.next() % 3 > 0) {
            return known[Int(random.next() % UInt64(known.count))]
        }
        let new = random.uuid()
        entities[entity, default: []].append(new)
        return new
    }
}
