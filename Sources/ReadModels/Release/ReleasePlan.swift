import Event

/// What a release of statistics changes. A pure function of what is so and of what was released before.
///
/// Whoever sees released statistics sees sums of groups, each the net change of at least five persons since they were
/// last released, never fewer: so no cell below five, no margin, no difference of two moments and no sum or difference
/// of any of these isolates fewer than five. `docs/decisions/0021-released-statistics.md` gives the argument and its
/// limits.
///
/// A village's cell is released by itself once five persons wait in it. What waits below that is pooled: by regency,
/// then without its category, by province, by nation. Who was once released in a wider cell stays there and is never
/// told to be of a narrower one later: moving them would show the difference.
public struct ReleasePlan: Sendable, Equatable {
    /// No group is smaller, and no cell shown.
    public static let threshold: Int64 = 5

    public struct Pooling: Hashable, Sendable {
        /// A cell too small to be told.
        public var cell: StatisticsCell
        /// The wider one in which persons of it are counted.
        public var into: StatisticsCell

        public init(cell: StatisticsCell, into: StatisticsCell) {
            self.cell = cell
            self.into = into
        }
    }

    /// By cell: persons that begin (positive) or cease (negative) to be counted.
    public private(set) var changes: [StatisticsCell: Int64] = [:]
    /// How these come about, for the next release. It gives small cells away and must not be shown.
    public private(set) var poolings: [Pooling: Int64] = [:]

    private var released: [StatisticsCell: Int64]
    private var pooled: [Pooling: Int64]

    /// - Parameters:
    ///   - counts: persons by narrowest cell, now.
    ///   - released: by cell, what earlier releases come to.
    ///   - pooled: by pooling, what earlier releases come to.
    public init(counts: [StatisticsCell: Int64], released: [StatisticsCell: Int64], pooled: [Pooling: Int64]) {
        self.released = released
        self.pooled = pooled
        var narrowest = Set(counts.keys).union(pooled.keys.map(\.cell))
        narrowest.formUnion(released.keys.filter(\.isNarrow))
        let elsewhere = pooled.reduce(into: [StatisticsCell: Int64]()) { $0[$1.key.cell, default: 0] += $1.value }
        var waiting: [StatisticsCell: Int64] = [:]
        for cell in narrowest.sorted() {
            let own = (counts[cell] ?? 0) - (elsewhere[cell] ?? 0)
            waiting[cell] = own - settle(cell, own)
        }
        var level = group(waiting)
        while !level.isEmpty { level = raise(level) }
    }

    /// Releases a narrow cell by itself where at least five persons make the difference. A cell that fell below five is
    /// withdrawn whole, so that nothing tells how far.
    /// - Returns: what is released of it from now on.
    private mutating func settle(_ cell: StatisticsCell, _ own: Int64) -> Int64 {
        // Who is only known to be of a regency, or wider, has no narrow cell.
        guard cell.isNarrow else { return 0 }
        let before = released[cell] ?? 0
        let wanted = own >= Self.threshold ? own : 0
        guard abs(wanted - before) >= Self.threshold else { return before }
        change(cell, by: wanted - before)
        return wanted
    }

    private mutating func change(_ cell: StatisticsCell, by persons: Int64) {
        changes[cell, default: 0] += persons
        released[cell, default: 0] += persons
    }

    // MARK: - Pools

    /// Persons who wait at a cell: by the narrowest cell they are of, under the cells just below.
    private typealias Pool = [StatisticsCell: [StatisticsCell: Int64]]

    private func group(_ waiting: [StatisticsCell: Int64]) -> [StatisticsCell: Pool] {
        var pools: [StatisticsCell: Pool] = [:]
        for (cell, persons) in waiting where persons != 0 {
            guard let pool = cell.isNarrow ? cell.wider : cell else { continue }
            pools[pool, default: [:]][cell, default: [:]][cell] = persons
        }
        return pools
    }

    /// Releases what pools can, and passes on what they cannot to the next wider cells. Pools stand at different
    /// heights: one is taken when nothing can reach it any more from below.
    private mutating func raise(_ pools: [StatisticsCell: Pool]) -> [StatisticsCell: Pool] {
        var next: [StatisticsCell: Pool] = [:]
        let lowest = pools.keys.map(\.height).min() ?? 0
        for (cell, pool) in pools.sorted(by: { $0.key < $1.key }) {
            guard cell.height == lowest else {
                next[cell, default: [:]].merge(pool) { $0.merging($1, uniquingKeysWith: +) }
                continue
            }
            let members = pool.values.reduce(into: [StatisticsCell: Int64]()) { $0.merge($1, uniquingKeysWith: +) }
            if release(pool, at: cell) { continue }
            guard let wider = cell.wider else { continue }
            next[wider, default: [:]][cell, default: [:]].merge(members, uniquingKeysWith: +)
        }
        return next
    }

    private mutating func release(_ pool: Pool, at cell: StatisticsCell) -> Bool {
        let members = pool.values.reduce(into: [StatisticsCell: Int64]()) { $0.merge($1, uniquingKeysWith: +) }.filter {
            $0.value != 0
        }
        let sum = members.values.reduce(0, +)
        let before = released[cell] ?? 0
        guard abs(sum) >= Self.threshold else { return false }
        if before + sum < Self.threshold {
            // Too few would remain: all are taken back, and wait again.
            if before > 0 { withdraw(cell) }
            return false
        }
        // Each part is known to be below five. A sum that only the greatest possible parts can have tells them all.
        let parts = [members.values.map { $0 }, pool.values.map { $0.values.reduce(0, +) }]
        for part in parts.map({ $0.filter { $0 != 0 } }) where abs(sum) >= Int64(part.count) * (Self.threshold - 1) {
            return false
        }
        change(cell, by: sum)
        for (member, persons) in members { note(Pooling(cell: member, into: cell), persons) }
        return true
    }

    private mutating func withdraw(_ cell: StatisticsCell) {
        change(cell, by: -(released[cell] ?? 0))
        for (pooling, persons) in pooled where pooling.into == cell && persons != 0 { note(pooling, -persons) }
    }

    private mutating func note(_ pooling: Pooling, _ persons: Int64) {
        poolings[pooling, default: 0] += persons
        pooled[pooling, default: 0] += persons
    }
}

extension StatisticsCell {
    /// Steps from the narrowest cell up.
    fileprivate var height: Int {
        switch place.level {
        case .village, .district: 0
        case .regency: category == Self.everyCategory ? 2 : 1
        case .province: category == Self.everyCategory ? 4 : 3
        case .nation: category == Self.everyCategory ? 6 : 5
        }
    }
}
