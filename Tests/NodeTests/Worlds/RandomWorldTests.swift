import Event
import Store
import Sync
import TestKit
import Testing

/// Worlds made from a seed: records and syncs in random order over lines that cut, drop, double and repeat. After
/// the faults everything must be where it belongs. A failure prints the seed that repeats it.
///
/// One after the other: together they would keep every thread of the pool from the tests that wait for a server.
@Suite(.serialized) struct RandomWorldTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func afterFaultsStopEverythingIsAtTheCentreOnce(seed: UInt64) throws {
        var play = try RandomPlay(seed: seed)
        for _ in 0..<40 {
            try play.step()
            try WorldLaws(play.world).checkAlways()
        }
        let rounds = try play.world.settle()
        #expect(rounds != nil, "seed \(seed) did not come to rest; happened: \(play.happened)")
        try WorldLaws(play.world).checkAll()
        for link in play.world.allLinks {
            #expect(try link.sync().tally.requests == 1, "seed \(seed): \(link.child.own.node) needs more than one")
        }
    }

    /// A fault kind that never fires tests nothing.
    @Test func everyKindOfFaultFires() throws {
        var seen: [String: Int] = [:]
        for seed in 100...105 as ClosedRange<UInt64> {
            var play = try RandomPlay(seed: seed)
            for _ in 0..<40 { try play.step() }
            seen.merge(play.happened, uniquingKeysWith: +)
        }
        for kind in [
            "record", "person", "urgent", "sync", "cut up", "cut down", "no answer", "double", "replay", "restart",
        ] {
            #expect(seen[kind, default: 0] > 0, "\(kind) never happened")
        }
    }
}

/// One world and the dice that decide what happens to it.
struct RandomPlay {
    let world: World
    private(set) var happened: [String: Int] = [:]
    private var dice: SeededGenerator

    init(seed: UInt64) throws {
        dice = SeededGenerator(seed: seed)
        world = try World()
        for link in world.allLinks where dice.once(in: 2) {
            link.frameBytes = 4_096
            link.requestBytes = 16_384
        }
    }

    mutating func step() throws {
        switch Int.random(in: 0..<10, using: &dice) {
        case 0...3: try record()
        case 4...7: try sync()
        case 8: try replay()
        default: try restart()
        }
    }

    private mutating func note(_ kind: String) { happened[kind, default: 0] += 1 }

    private mutating func record() throws {
        guard let party = (world.villages + [world.hub]).randomElement(using: &dice) else { return }
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            switch Int.random(in: 0..<6, using: &dice) {
            case 0 where party.own.role == .village:
                try party.register("Sutini \(Int.random(in: 0..<1_000_000, using: &dice))")
                note("person")
            case 1:
                try party.append("case.opened", audience: village(for: party), lane: "urgent")
                note("urgent")
            default:
                let padding = String(repeating: "x", count: Int.random(in: 0..<2_000, using: &dice))
                try party.append(
                    "visit.recorded", data: .object([JSONMember("note", .string(padding))]),
                    audience: village(for: party))
                note("record")
            }
        }
    }

    /// A hub writes for one of its villages or for its own region.
    private mutating func village(for party: Party) -> RegionCode? {
        guard party.own.role == .hub, dice.once(in: 2) else { return nil }
        return world.villages.randomElement(using: &dice)?.own.region
    }

    private mutating func sync() throws {
        guard let link = world.allLinks.randomElement(using: &dice) else { return }
        var faults = LinkFaults()
        switch Int.random(in: 0..<5, using: &dice) {
        case 0:
            faults.upBytes = Int.random(in: 0..<3_000, using: &dice)
            note("cut up")
        case 1:
            faults.downBytes = Int.random(in: 0..<3_000, using: &dice)
            note("cut down")
        case 2:
            faults.downBytes = 0
            note("no answer")
        case 3:
            faults.doubles = true
            note("double")
        default: note("sync")
        }
        try link.sync(faults)
    }

    private mutating func replay() throws {
        guard let link = world.allLinks.randomElement(using: &dice),
            let body = link.captured.randomElement(using: &dice)
        else { return }
        try link.replay(body)
        note("replay")
    }

    private mutating func restart() throws {
        guard let party = world.parties.randomElement(using: &dice) else { return }
        try party.reopen()
        note("restart")
    }
}
