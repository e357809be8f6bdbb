import Event
import Testing

@testable import ReadModels

@Suite struct ReleasePlanTests {
    private func cell(_ place: String, _ category: String = "all", _ period: String = "2026-07") throws
        -> StatisticsCell
    {
        StatisticsCell(series: "departures", period: period, place: try RegionCode(place), category: category)
    }

    private func plan(_ counts: [StatisticsCell: Int64], after earlier: ReleasePlan? = nil) -> ReleasePlan {
        ReleasePlan(counts: counts, released: earlier?.changes ?? [:], pooled: earlier?.poolings ?? [:])
    }

    @Test func fiveOfAVillageStandByThemselvesAndFourWait() throws {
        let village = try cell("36.04.13.2007", "procedural")
        #expect(plan([village: 5]).changes == [village: 5])
        #expect(plan([village: 4]).changes.isEmpty)
    }

    @Test func smallCellsAreTakenTogetherByRegencyThenWithoutCategoryThenByProvince() throws {
        let parts = try ["2007", "2008", "2011"].map { try cell("36.04.13.\($0)", "procedural") }
        let regency = try cell("36.04", "procedural")
        #expect(plan([parts[0]: 3, parts[1]: 2, parts[2]: 1]).changes == [regency: 6])
        let mixed =
            try [cell("36.04.13.2007", "procedural"): 3, cell("36.04.13.2008", "suspected"): 2]
            as [StatisticsCell: Int64]
        #expect(try plan(mixed).changes == [cell("36.04"): 5])
        let apart =
            try [cell("36.04.13.2007", "procedural"): 3, cell("36.72.01.1001", "procedural"): 2]
            as [StatisticsCell: Int64]
        #expect(try plan(apart).changes == [cell("36"): 5])
    }

    @Test func whatOnlyTheGreatestPartsCanAddUpToIsNotTold() throws {
        let two =
            try [cell("36.04.13.2007", "procedural"): 4, cell("36.04.13.2008", "procedural"): 4]
            as [StatisticsCell: Int64]
        #expect(plan(two).changes.isEmpty)
    }

    @Test func fewerThanFiveMoreChangeNothing() throws {
        let village = try cell("36.04.13.2007", "procedural")
        let first = plan([village: 9])
        #expect(plan([village: 13], after: first).changes.isEmpty)
        #expect(plan([village: 6], after: first).changes.isEmpty)
        #expect(plan([village: 14], after: first).changes == [village: 5])
    }

    @Test func aCellThatFellBelowFiveIsWithdrawnWholeHoweverFar() throws {
        let village = try cell("36.04.13.2007", "procedural")
        let first = plan([village: 7])
        for left in 0...4 { #expect(plan([village: Int64(left)], after: first).changes == [village: -7]) }
    }

    @Test func whoStandsInAWiderCellIsNeverToldToBeOfANarrowerOneLater() throws {
        let (one, other) = (try cell("36.04.13.2007", "procedural"), try cell("36.04.13.2008", "procedural"))
        let regency = try cell("36.04", "procedural")
        let first = plan([one: 3, other: 3])
        #expect(first.changes == [regency: 6])
        // Five more of one village: they alone are told, not the three of before.
        #expect(plan([one: 8, other: 3], after: first).changes == [one: 5])
    }

    /// Months of work in a few villages, with corrections that move persons between cells and take them away.
    @Test(arguments: 1...40) func everyChangeIsOfFiveAndEveryCellOfFive(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let villages = ["36.04.13.2007", "36.04.13.2008", "36.04.20.2001", "36.72.01.1001", "36.04"]
        let cells = try villages.flatMap { place in
            try ["procedural", "suspected", "unknown"].flatMap { category in
                try ["2026-07", "2026-08"].map { try cell(place, category, $0) }
            }
        }
        var counts: [StatisticsCell: Int64] = [:]
        var released: [StatisticsCell: Int64] = [:]
        var pooled: [ReleasePlan.Pooling: Int64] = [:]
        var told = 0
        for _ in 0..<30 {
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let cell = try #require(cells.randomElement(using: &random))
                let change: Int64 = Int.random(in: 0..<4, using: &random) == 0 ? -1 : 1
                counts[cell] = max(0, (counts[cell] ?? 0) + change)
            }
            let plan = ReleasePlan(counts: counts, released: released, pooled: pooled)
            for (cell, change) in plan.changes where change != 0 {
                told += 1
                #expect(abs(change) >= 5, "\(cell) \(change)")
                released[cell, default: 0] += change
            }
            for (pooling, change) in plan.poolings { pooled[pooling, default: 0] += change }
            for (cell, persons) in released { #expect(persons == 0 || persons >= 5, "\(cell) \(persons)") }
            for (cell, count) in counts where cell.isNarrow {
                // The error of a village's cell is never more than four beside what stands in wider cells.
                let elsewhere = pooled.reduce(0) { $1.key.cell == cell ? $0 + $1.value : $0 }
                #expect(abs(count - elsewhere - (released[cell] ?? 0)) <= 4)
            }
            // What stands in a wider cell is what was pooled into it.
            for (cell, persons) in released where !cell.isNarrow {
                #expect(persons == pooled.reduce(0) { $1.key.into == cell ? $0 + $1.value : $0 }, "\(cell)")
            }
            #expect(
                ReleasePlan(counts: counts, released: released, pooled: pooled).changes.values.allSatisfy {
                    $0 == 0 || abs($0) >= 5
                })
        }
        #expect(told > 0)
    }
}
