import Event
import Foundation
import GRDB
import Store
import Sync
import TestKit
import Testing
import TransparencyLog

@Suite struct AppendTests {
    @Test func appendedLinesAreGaplessAndUnderACheckpointOfTheirTree() throws {
        let test = try TestStore()
        for count in [1, 3, 1, 7] { try test.append((0..<count).map { "line \($0)" }) }
        let log = test.signer.log(.region(test.region), lane: .main)
        let lines = try test.store.lines(log, from: 0, through: 100)
        #expect(lines.count == 12)
        var edge = TreeEdge()
        for line in lines { edge.append(leaf: Hash.leaf(line)) }
        let row = try #require(try test.row(log))
        #expect(row.size == 12 && row.root == edge.root)
        let frame = try #require(try test.store.frame(log, from: 0, maxBytes: 1 << 20))
        let note = try SignedNote(parsing: frame.note)
        let verifier = try NoteVerifier(name: log.origin, publicKey: [UInt8](test.own.sign))
        #expect(verifier.verify(note))
        #expect(try Checkpoint(parsing: note.text) == Checkpoint(origin: log.origin, size: 12, root: edge.root))
        #expect(try test.store.audit().isSound)
    }

    @Test func everyAppendTransactionLeavesACheckpoint() throws {
        let test = try TestStore()
        try test.append(["a"])
        try test.append(["b", "c"])
        let log = test.signer.log(.region(test.region), lane: .main)
        #expect(try sizes(test, log) == [1, 3])
    }

    private func sizes(_ test: TestStore, _ log: LogName) throws -> [Int64] {
        try test.sql { db in
            try Int64.fetchAll(
                db, sql: "SELECT checkpoint.size FROM checkpoint JOIN log ON log.id = log WHERE name = ? ORDER BY 1",
                arguments: [log.description])
        }
    }

    @Test func aMakerThatThrowsLeavesNothingOfItsTransaction() throws {
        struct Stop: Error {}
        let test = try TestStore()
        try test.append(["kept"])
        let log = test.signer.log(.region(test.region), lane: .main)
        #expect(throws: Stop.self) {
            try test.store.append(
                wall: 0, [(log: log, make: { _ in Array("lost".utf8) }), (log: log, make: { _ in throw Stop() })])
        }
        #expect(try test.row(log)?.size == 1)
        #expect(try test.append(["next"])[0].reference.sequence == 1)
        #expect(try test.store.audit().isSound)
    }

    @Test(arguments: ["", "two\nlines", String(repeating: "x", count: 65_537)])
    func aLineThatNoFrameCouldCarryIsRefused(text: String) throws {
        let test = try TestStore()
        #expect(throws: StoreError.self) { try test.append([text]) }
        #expect(try test.store.logs().isEmpty)
    }

    @Test func aLogOfAnotherNodeOrEpochHasAnotherWriter() throws {
        let test = try TestStore()
        let foreign = try Author().log
        #expect(throws: StoreError.self) {
            try test.store.append(wall: 0, [(log: foreign, make: { _ in Array("x".utf8) })])
        }
    }

    @Test func whatWasAppendedIsThereAfterReopening() throws {
        let test = try TestStore()
        let appended = try test.append(["a", "b"])
        try test.reopen()
        for line in appended { #expect(try test.store.line(line.reference.log, line.reference.sequence) == line.bytes) }
        #expect(try test.append(["c"])[0].reference.sequence == 2)
    }

    @Test func synchronousIsFullOnTheWritingConnection() throws {
        // FULL is checked when the store opens; WAL is what the durability argument is about.
        let test = try TestStore()
        #expect(try test.sql { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }

    // MARK: - The clock

    private func readings(_ test: TestStore, walls: [Int64]) throws -> [HybridTimestamp] {
        let log = test.signer.log(.region(test.region), lane: .main)
        var readings: [HybridTimestamp] = []
        for wall in walls {
            try test.store.append(
                wall: wall,
                [
                    (
                        log: log,
                        make: { place in
                            readings.append(place.hybridTime)
                            return Array("x".utf8)
                        }
                    )
                ])
        }
        return readings
    }

    @Test func theClockNeverGoesBackWhateverTheWallShows() throws {
        let test = try TestStore()
        let year2036: Int64 = 2_082_758_400_000
        let walls = [1_786_700_000_000, 0, -5, year2036, 1_786_700_000_000, .max, .min]
        let readings = try readings(test, walls: walls)
        for (a, b) in zip(readings, readings.dropFirst()) { #expect(a < b) }
        try test.reopen()
        #expect(try self.readings(test, walls: [0])[0] > readings[6])
    }

    @Test func aLineFrom2036DoesNotDragTheReceiverAlong() throws {
        let test = try TestStore()
        var author = try Author()
        try test.store.trust(author.enrolment)
        author.write(1) { _ in #"{"hlc":"01e4d6d3a000.0000"}"# }
        try test.commit(try author.frame(0, 1))
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let reading = try readings(test, walls: [now])[0]
        #expect(reading.milliseconds < now + 60_000)
        #expect(try test.store.alarms().contains { $0.kind == "clock-ahead" })
    }

    @Test func whatIsAheadAndWhenThatWasSeenIsToldByTheClockOfTheNode() throws {
        // The line is of 14 August 2026, by 2 minutes and by 2 hours later than what these nodes' clocks show.
        let line = HybridTimestamp(milliseconds: 1_786_700_000_000, counter: 0)
        for (ahead, isTold) in [(120, false), (7_200, true)] {
            let folder = try TestFolder("clock")
            let signer = try TestStore().signer
            let store = try LogStore(
                folder: folder.path, signer: signer,
                now: { Date(timeIntervalSince1970: 1_786_700_000 - Double(ahead)) })
            var author = try Author()
            try store.trust(author.enrolment)
            author.write(1) { _ in #"{"hlc":"\#(line)"}"# }
            _ = try store.commit(try author.frame(0, 1), scope: RegionCode("36.04"), stating: false)
            let alarm = try store.alarms().first { $0.kind == "clock-ahead" }
            #expect(alarm?.at == (isTold ? "2026-08-14T07:33:20Z" : nil))
            try store.close()
        }
    }

    @Test func aLineThatCouldBeKnownIsBeforeWhatIsWrittenNext() throws {
        let test = try TestStore()
        var author = try Author()
        try test.store.trust(author.enrolment)
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let ahead = HybridTimestamp(milliseconds: now + 300_000, counter: 7)
        author.write(1) { _ in #"{"hlc":"\#(ahead)"}"# }
        try test.commit(try author.frame(0, 1))
        #expect(try readings(test, walls: [now])[0] > ahead)
    }
}
