import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

/// A relay cannot sign for the author: every frame that it makes must end where an authentic checkpoint fits.
@Suite struct RelayTests {
    /// Frames of all sizes from a relay in any partial state, against a receiver that checks everything.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func whatARelayMakesOfAnyPartialStateIsTaken(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var author = try Author()
        author.write(60) { String(repeating: "x", count: 20 + $0) }
        let relay = try TestStore()
        try relay.store.trust(author.enrolment)
        var size: Int64 = 0
        while size < author.size {
            let end = Int64.random(in: size + 1...author.size, using: &dice)
            let under = dice.once(in: 2) ? end : Int64.random(in: end...author.size, using: &dice)
            try relay.commit(try author.frame(size, end, under: under))
            size = end
            try checkRelay(relay, author, upTo: size, &dice)
        }
    }

    private func checkRelay(_ relay: TestStore, _ author: Author, upTo size: Int64, _ dice: inout SeededGenerator)
        throws
    {
        let receiver = try TestStore("pusat", region: "id")
        try receiver.store.trust(author.enrolment)
        var from: Int64 = 0
        while from < size {
            let maxBytes = Int.random(in: 1...2_000, using: &dice)
            guard let frame = try relay.store.frame(author.log, from: from, maxBytes: maxBytes) else { break }
            #expect(frame.from == from && frame.end > from)
            from = try receiver.commit(frame, scope: "36.04").size
        }
        // What has no fitting checkpoint yet waits; a whole log has one.
        if size == author.size { #expect(from == size) }
        #expect(try receiver.store.lines(author.log, from: 0, through: 100) == Array(author.lines.prefix(Int(from))))
    }

    @Test func anAuthorEndsItsFramesWhereverTheyFit() throws {
        let test = try TestStore()
        try test.append((0..<50).map { "line \($0) " + String(repeating: "y", count: 100) })
        let log = test.signer.log(.region(test.region), lane: .main)
        let receiver = try TestStore("pusat", region: "id")
        try receiver.store.trust(test.own)
        var from: Int64 = 0
        var frames = 0
        while let frame = try test.store.frame(log, from: from, maxBytes: 600) {
            from = try receiver.commit(frame, scope: "36.04").size
            frames += 1
        }
        #expect(from == 50 && frames > 5)
    }

    @Test func aLineOfTheLongestLengthPassesARelay() throws {
        var author = try Author()
        for _ in 0..<3 { author.write(bytes: Array(repeating: UInt8(ascii: "z"), count: 65_536)) }
        let relay = try TestStore()
        try relay.store.trust(author.enrolment)
        try relay.commit(try author.frame(0, 3))
        let frame = try #require(try relay.store.frame(author.log, from: 0, maxBytes: 1))
        #expect(try Frame(content: frame.content).content == frame.content)
    }

    @Test func aLogThatCannotBeRelayedYetIsPassedOver() throws {
        // Held in part under a larger checkpoint, and too long for one frame: nothing fits until more is here.
        var author = try Author()
        author.write(40) { _ in String(repeating: "x", count: 60_000) }
        let relay = try TestStore()
        try relay.store.trust(author.enrolment)
        try relay.commit(try author.frame(0, 15, under: 40))
        try relay.commit(try author.frame(15, 30, under: 40))
        #expect(try relay.store.frame(author.log, from: 0, maxBytes: 1 << 20) == nil)
        try relay.commit(try author.frame(30, 40))
        #expect(try relay.store.frame(author.log, from: 0, maxBytes: 1 << 20) != nil)
    }
}
