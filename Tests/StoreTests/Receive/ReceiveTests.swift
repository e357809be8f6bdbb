import Crypto
import Event
import Foundation
import Store
import Sync
import TestKit
import Testing
import TransparencyLog

@Suite struct ReceiveTests {
    private let test: TestStore
    private var author: Author

    init() throws {
        test = try TestStore()
        author = try Author()
        author.write(30)
        try test.store.trust(author.enrolment)
    }

    private func held() throws -> [[UInt8]] { try test.store.lines(author.log, from: 0, through: 1_000) }

    // MARK: - What is taken

    @Test func framesInOrderGiveTheAuthorsLog() throws {
        for (from, end) in [(0, 10), (10, 11), (11, 30)] as [(Int64, Int64)] {
            let committed = try test.commit(try author.frame(from, end))
            #expect(committed.added == Int(end - from) && committed.size == end)
        }
        #expect(try held() == author.lines)
        #expect(try test.row(author.log)?.root == author.edge(30).root)
        #expect(try test.store.audit().isSound)
    }

    @Test func duplicatesAndOverlapsAddNothingTwice() throws {
        try test.commit(try author.frame(0, 10))
        #expect(try test.commit(try author.frame(0, 10)).added == 0)
        #expect(try test.commit(try author.frame(3, 7)).added == 0)
        #expect(try test.commit(try author.frame(5, 20)).added == 10)
        #expect(try test.commit(try author.frame(0, 30)).added == 10)
        #expect(try held() == author.lines)
        #expect(try test.store.audit().isSound)
    }

    @Test func aLargerCheckpointIsTakenWithItsProof() throws {
        #expect(try test.commit(try author.frame(0, 7, under: 30)).size == 7)
        #expect(try test.commit(try author.frame(7, 16, under: 29)).size == 16)
        #expect(try test.commit(try author.frame(16, 30)).size == 30)
        #expect(try held() == author.lines)
        #expect(try test.store.audit().isSound)
    }

    @Test func bytesThatAreNoEventAreLeavesLikeOthers() throws {
        var odd = try Author("lontar-b")
        odd.write(bytes: [0xff, 0x00, 0x22])
        odd.write(bytes: Array(#"{"hlc":5,"hlc":6}"#.utf8))
        try test.store.trust(odd.enrolment)
        #expect(try test.commit(try odd.frame(0, 2)).size == 2)
    }

    // MARK: - What is refused

    @Test func whatStartsPastTheEndIsAGap() throws {
        #expect(try test.refusal(try author.frame(1, 2)) == .gap)
        try test.commit(try author.frame(0, 10))
        #expect(try test.refusal(try author.frame(11, 12)) == .gap)
        #expect(try test.row(author.log)?.size == 10)
    }

    @Test func anAuthorThatNobodyEnrolledIsUnknown() throws {
        var stranger = try Author("kramat-a")
        stranger.write(1)
        #expect(try test.refusal(try stranger.frame(0, 1)) == .unknownAuthor)
    }

    @Test func aLogOutsideOfTheSessionsScopeIsRefused() throws {
        #expect(try test.refusal(try author.frame(0, 1), scope: "36.04.13.2008") == .outOfScope)
        #expect(try test.store.logs().isEmpty)
    }

    @Test func anAuthorMayNotWriteAboveItsRegion() throws {
        for audience in ["36.04", "36.04.13.2008", "id"] {
            var overreaching = try Author("lontar-b", audience: audience)
            overreaching.write(1)
            try test.store.trust(overreaching.enrolment)
            #expect(try test.refusal(try overreaching.frame(0, 1), scope: "36.04") == .outOfScope, "\(audience)")
        }
    }

    @Test func aSignatureOfAnotherKeyIsRefused() throws {
        var impostor = try Author(epoch: author.log.epoch)
        impostor.write(3)
        #expect(try test.refusal(try impostor.frame(0, 3)) == .badSignature)
    }

    @Test func aCheckpointOfAnotherLogOrTooFewLinesIsRefused() throws {
        let frame = try author.frame(0, 5)
        let short = LinesFrame(log: frame.log, from: 0, lines: author.lines, note: try author.checkpoint(5))
        #expect(try test.refusal(short) == .badCheckpoint)
        var urgent = try Author(lane: "urgent", epoch: author.log.epoch)
        urgent.write(5)
        let foreign = LinesFrame(
            log: frame.log, from: 0, lines: Array(author.lines.prefix(5)), note: try urgent.checkpoint(5))
        #expect(try test.refusal(foreign) == .badCheckpoint)
        let noNote = LinesFrame(log: frame.log, from: 0, lines: Array(author.lines.prefix(5)), note: "hello\n")
        #expect(try test.refusal(noNote) == .badCheckpoint)
    }

    @Test func aLineThatWasAlteredOnTheWayIsRefusedAndRaisesNoForkAlarm() throws {
        try test.commit(try author.frame(0, 5))
        var lines = Array(author.lines[5..<10])
        lines[2][0] ^= 1
        let note = try author.checkpoint(10)
        #expect(try test.refusal(LinesFrame(log: author.log, from: 5, lines: lines, note: note)) == .rootMismatch)
        lines = Array(author.lines[0..<10])
        lines[2][0] ^= 1
        #expect(try test.refusal(LinesFrame(log: author.log, from: 0, lines: lines, note: note)) == .rootMismatch)
        #expect(try test.store.alarms().isEmpty)
        #expect(try test.store.branchLines(author.log).isEmpty)
        #expect(try test.commit(try author.frame(5, 10)).size == 10)
    }

    @Test func aProofThatLeadsElsewhereIsRefused() throws {
        let good = try author.frame(0, 7, under: 30)
        let cut = LinesFrame(
            log: good.log, from: 0, lines: Array(author.lines.prefix(7)), note: good.note,
            proof: Array(good.proof.dropLast()))
        #expect(try test.refusal(cut) == .rootMismatch)
        let none = LinesFrame(log: good.log, from: 0, lines: Array(author.lines.prefix(7)), note: good.note)
        #expect(try test.refusal(none) == .rootMismatch)
    }

    @Test func equalLinesUnderACheckpointOfOtherLinesAreRefused() throws {
        try test.commit(try author.frame(0, 10))
        var other = author.restored(to: 0)
        other.write(1) { _ in "another first line" }
        for line in author.lines[1..<10] { other.write(bytes: line) }
        let frame = LinesFrame(
            log: author.log, from: 4, lines: Array(author.lines[4..<10]), note: try other.checkpoint(10))
        #expect(try test.refusal(frame) == .rootMismatch)
    }

    // MARK: - Two histories

    @Test func anotherHistoryIsKeptAsideAndTheFirstGoesOn() throws {
        try test.commit(try author.frame(0, 10))
        var restored = author.restored(to: 6)
        restored.write(3) { "after the restore \($0)" }
        let taken = try test.commit(try restored.frame(0, 9))
        #expect(taken.added == 3 && taken.size == 9 && taken.receipt?.heldRoot == restored.edge(9).root)
        let kept = try test.store.branchLines(author.log)
        #expect(kept.map(\.sequence) == [6, 7, 8] && kept.allSatisfy { $0.fork == 6 })
        #expect(kept.map(\.bytes) == restored.lines[6...].map { $0 })
        #expect(try test.store.alarms().map(\.kind) == ["fork"])
        #expect(try test.commit(try author.frame(10, 30)).size == 30)
        let again = try test.commit(try restored.frame(0, 9))
        #expect(again.added == 0 && again.receipt == taken.receipt)
        #expect(try test.store.branchLines(author.log).count == 3)
        #expect(
            Set(try test.store.heads(author.log).map(\.row))
                == [
                    TableRow(log: author.log, size: 30, root: author.edge(30).root),
                    TableRow(log: author.log, size: 9, root: restored.edge(9).root),
                ])
        #expect(try test.store.audit().isSound)
    }

    @Test func aBranchGoesOnAndForksAgain() throws {
        try test.commit(try author.frame(0, 10))
        var restored = author.restored(to: 6)
        restored.write(4) { "second \($0)" }
        try test.commit(try restored.frame(6, 8))
        #expect(try test.commit(try restored.frame(8, 10)).added == 2)
        var third = restored.restored(to: 9)
        third.write(2) { "third \($0)" }
        #expect(try test.commit(try third.frame(7, 11)).added == 2)
        // It leaves the first branch where that left the main line: there the two have nothing more in common.
        var fourth = author.restored(to: 6)
        fourth.write(1) { "fourth \($0)" }
        #expect(try test.commit(try fourth.frame(3, 7)).added == 1)
        let expected = [author.restored(to: 10), restored, third, fourth]
        #expect(Set(try test.store.heads(author.log).map(\.root)) == Set(expected.map { $0.edge($0.size).root }))
        for one in expected {
            let head = try #require(try test.store.heads(author.log).first { $0.root == one.edge(one.size).root })
            #expect(
                try test.store.lines(author.log, branch: head.branch, from: 0, through: head.size - 1) == one.lines)
        }
        #expect(try test.store.audit().isSound)
    }

    @Test func aLogTakesNoMoreThanItsNumberOfHistories() throws {
        try test.commit(try author.frame(0, 3))
        for number in 1..<Limits.branches {
            var other = author.restored(to: 2)
            other.write(1) { _ in "history \(number)" }
            try test.commit(try other.frame(0, 3))
        }
        var last = author.restored(to: 2)
        last.write(1) { _ in "one too many" }
        #expect(try test.refusal(try last.frame(0, 3)) == .outOfScope)
        #expect(try test.commit(try author.frame(3, 5)).size == 5)
    }

    @Test func aRelayPassesAllHistoriesOnInAnyFrameSize() throws {
        try test.commit(try author.frame(0, 10))
        var restored = author.restored(to: 6)
        restored.write(4) { "second \($0)" }
        try test.commit(try restored.frame(6, 8, under: 10))
        try test.commit(try restored.frame(8, 10))
        for maxBytes in [1, 100, 1 << 20] {
            let receiver = try TestStore("centre-\(maxBytes)", region: "id")
            try receiver.store.trust(author.enrolment)
            for head in try test.store.heads(author.log) {
                var from = head.branch?.fork ?? 0
                while let frame = try test.store.frame(
                    author.log, branch: head.branch, from: from, maxBytes: maxBytes)
                {
                    try receiver.commit(frame, scope: "36.04")
                    from = frame.end
                }
            }
            #expect(
                Set(try receiver.store.heads(author.log).map(\.row)) == Set(try test.store.heads(author.log).map(\.row))
            )
            #expect(try receiver.store.audit().isSound)
        }
    }

    @Test func aForkOfOneLogLeavesOtherLogsAlone() throws {
        try test.commit(try author.frame(0, 10))
        var restored = author.restored(to: 6)
        restored.write(3) { "again \($0)" }
        try test.commit(try restored.frame(0, 9))
        var urgent = try Author("lontar-b", lane: "urgent")
        urgent.write(2)
        try test.store.trust(urgent.enrolment)
        #expect(try test.commit(try urgent.frame(0, 2)).size == 2)
    }

    // MARK: - Enrolment and revocation

    @Test func theFirstEnrolmentOfAnEpochStands() throws {
        let other = try Author(epoch: author.log.epoch)
        try test.store.trust(other.enrolment)
        #expect(try test.store.enrolment(node: author.log.node, epoch: author.log.epoch)?.enrolment == author.enrolment)
    }

    @Test func linesOfARevokedAuthorAreStoredAllTheSame() throws {
        try test.append([
            #"{"specversion":"1.0","type":"node.revoked","source":"x/id:main/c2056f288da571c7","id":"0","data":{}}"#
        ])
        #expect(try test.commit(try author.frame(0, 3)).size == 3)
    }
}
