import Testing

@testable import Event

@Suite struct HybridTimestampTests {
    @Test func isWrittenInDigitsThatSortAsItDoes() {
        let readings = [
            HybridTimestamp.zero, HybridTimestamp(milliseconds: 0, counter: 1),
            HybridTimestamp(milliseconds: 9, counter: 65_535), HybridTimestamp(milliseconds: 10, counter: 0),
            HybridTimestamp(milliseconds: 1_786_700_000_000, counter: 7),
            HybridTimestamp(milliseconds: HybridTimestamp.maximumMilliseconds, counter: .max),
        ]
        #expect(readings[1].description == "000000000000.0001")
        #expect(readings.sorted() == readings)
        #expect(readings.map(\.description).sorted() == readings.map(\.description))
        for reading in readings { #expect(HybridTimestamp(reading.description) == reading) }
    }

    @Test(arguments: [
        "", "0.0", "00000000000a.000", "00000000000a.00001", "00000000000A.0001", "00000000000a:0001",
        "0000000000a.00001", "-0000000000a.0001", " 0000000000a.0001",
    ])
    func refusesOtherForms(text: String) {
        #expect(HybridTimestamp(text) == nil)
    }

    @Test func clampsWhatAWallClockMayShow() {
        #expect(HybridTimestamp(milliseconds: -5, counter: 0) == .zero)
        #expect(
            HybridTimestamp(milliseconds: .max, counter: 0).milliseconds
                == HybridTimestamp.maximumMilliseconds)
    }
}

@Suite struct HybridClockTests {
    private let wall: Int64 = 1_786_700_000_000
    private let year: Int64 = 365 * 86_400_000

    @Test func followsTheWallClock() {
        var clock = HybridClock()
        #expect(clock.now(wall: wall) == HybridTimestamp(milliseconds: wall, counter: 0))
        #expect(clock.now(wall: wall) == HybridTimestamp(milliseconds: wall, counter: 1))
        #expect(clock.now(wall: wall + 1) == HybridTimestamp(milliseconds: wall + 1, counter: 0))
    }

    @Test func neverGoesBackThoughTheWallClockDoes() {
        var clock = HybridClock()
        var last = clock.now(wall: wall)
        for jump in [wall - 1, 0, -5, Int64.min, wall - year, wall] {
            let reading = clock.now(wall: jump)
            #expect(reading > last)
            last = reading
        }
    }

    @Test func goesOnInTheNextMillisecondWhenTheCounterIsFull() {
        var clock = HybridClock(last: HybridTimestamp(milliseconds: wall, counter: .max))
        #expect(clock.now(wall: wall) == HybridTimestamp(milliseconds: wall + 1, counter: 0))
    }

    @Test func comesAfterEveryReadingItTookUp() {
        var clock = HybridClock()
        let remote = HybridTimestamp(milliseconds: wall + 5_000, counter: 3)
        #expect(clock.merge(remote: remote, wall: wall) == .taken)
        #expect(clock.now(wall: wall) == HybridTimestamp(milliseconds: wall + 5_000, counter: 4))
        #expect(clock.merge(remote: .zero, wall: wall) == .taken)
        #expect(clock.now(wall: wall) > remote)
    }

    @Test func takesUpAtMostTenMinutesAhead() {
        let lead: Int64 = 10 * 60 * 1000
        var clock = HybridClock()
        #expect(
            clock.merge(remote: HybridTimestamp(milliseconds: wall + lead, counter: 9), wall: wall) == .taken)
        let before = clock
        let tooFar = HybridTimestamp(milliseconds: wall + lead + 1, counter: 0)
        #expect(clock.merge(remote: tooFar, wall: wall) == .tooFarAhead(milliseconds: lead + 1))
        #expect(clock == before)
    }

    @Test func aNeighbourIn2036DragsNobodyAlong() {
        var clock = HybridClock()
        let remote = HybridTimestamp(milliseconds: 2_086_000_000_000, counter: 0)
        for step in 0..<100 {
            #expect(clock.merge(remote: remote, wall: wall + Int64(step)) != .taken)
            #expect(clock.now(wall: wall + Int64(step)).milliseconds == wall + Int64(step))
        }
    }

    /// Small steps must not add up: the bound is on the distance to the wall clock, not to the last reading.
    @Test func manySmallLeadsDoNotAddUp() {
        var clock = HybridClock()
        for step in 1...1_000 {
            clock.merge(
                remote: HybridTimestamp(milliseconds: wall + Int64(step) * 60_000, counter: 0), wall: wall)
        }
        #expect(clock.last.milliseconds == wall + HybridClock.maximumLead)
    }

    @Test func aWallClockIn1970KeepsTheOrderOfItsOwnLines() {
        let written = HybridTimestamp(milliseconds: wall, counter: 4)
        var clock = HybridClock(last: written)
        #expect(clock.now(wall: 7_000) > written)
        #expect(clock.now(wall: 7_000).milliseconds == wall)
        var fresh = HybridClock()
        #expect(fresh.now(wall: 7_000).milliseconds == 7_000)
        #expect(fresh.merge(remote: written, wall: 7_000) != .taken)
    }

    @Test func theEndOfTimeIsNoTrap() {
        let end = HybridTimestamp(milliseconds: .max, counter: .max)
        var clock = HybridClock(last: end)
        #expect(clock.now(wall: .max) == end)
        #expect(clock.merge(remote: end, wall: .min) != .taken)
    }

    /// Along any exchange of lines, whoever knew a line writes a later reading, as long as clocks agree within ten
    /// minutes.
    @Test(arguments: 0..<30)
    func knowingALineMeansComingAfterIt(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var clocks = [HybridClock](repeating: HybridClock(), count: 4)
        let skews = (0..<4).map { _ in Int64.random(in: -280_000...280_000, using: &generator) }
        var known = [HybridTimestamp](repeating: .zero, count: 4)
        for step in 0..<300 {
            let node = Int.random(in: 0..<4, using: &generator)
            let wall = self.wall + Int64(step) * 40 + skews[node]
            if Bool.random(using: &generator) {
                let sender = Int.random(in: 0..<4, using: &generator)
                #expect(clocks[node].merge(remote: clocks[sender].last, wall: wall) == .taken)
                known[node] = max(known[node], clocks[sender].last)
            } else {
                let reading = clocks[node].now(wall: wall)
                #expect(reading > known[node])
                known[node] = reading
            }
        }
    }
}
