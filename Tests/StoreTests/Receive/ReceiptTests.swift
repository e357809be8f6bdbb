import Crypto
import Event
import Foundation
import Store
import Sync
import TestKit
import Testing
import TransparencyLog

@Suite struct ReceiptTests {
    private let hub: TestStore
    private let village: TestStore
    private let log: LogName

    init() throws {
        hub = try TestStore()
        village = try TestStore("lontar-a", region: "36.04.13.2007")
        try hub.store.trust(village.own)
        try village.store.trust(hub.own)
        try village.append((0..<5).map { "line \($0)" })
        log = village.signer.log(.region(village.region), lane: .main)
    }

    private func deliver(from: Int64 = 0) throws -> Receipt {
        let frame = try #require(try village.store.frame(log, from: from, maxBytes: 1 << 20))
        return try #require(try hub.commit(frame).receipt)
    }

    @Test func aReceiptIsTheHoldersCosignatureOnTheAuthorsRoot() throws {
        let receipt = try deliver()
        let note = try SignedNote(parsing: receipt.note)
        let verifier = try NoteVerifier(name: hub.signer.cosignerName, publicKey: [UInt8](hub.own.sign))
        #expect(verifier.verifyCosignature(note) != nil)
        #expect(try Checkpoint(parsing: note.text).root == village.row(log)?.root)
        #expect(try village.store.save(receipt))
        #expect(try !village.store.save(receipt))
    }

    @Test func theSameSizeGetsTheSameBytesAgain() throws {
        let first = try deliver()
        #expect(try deliver() == first)
        try hub.reopen()
        #expect(try deliver() == first)
        try village.append(["more"])
        #expect(try deliver(from: 5) != first)
    }

    @Test func aReceiptUnderAnotherKeyIsNotKept() throws {
        let stranger = try TestStore("hub-serang")
        try stranger.store.trust(village.own)
        let frame = try #require(try village.store.frame(log, from: 0, maxBytes: 1 << 20))
        let receipt = try #require(try stranger.commit(frame).receipt)
        #expect(throws: FrameError.self) { try village.store.save(receipt) }
        #expect(try village.store.receipts(of: log).isEmpty)
    }

    @Test func aReceiptThatSaysMoreThanItsNoteIsNotKept() throws {
        let receipt = try deliver()
        for forged in [
            Receipt(kind: .held, log: log, holder: hub.own.node, size: 6, note: receipt.note),
            Receipt(kind: .counted, log: log, holder: hub.own.node, size: 5, note: receipt.note),
            Receipt(kind: .held, log: log, holder: village.own.node, size: 5, note: receipt.note),
        ] {
            #expect(throws: FrameError.self) { try village.store.save(forged) }
        }
    }

    @Test func aReceiptThatGoesBackRaisesAnAlarmAndReplaces() throws {
        let small = try deliver()
        try village.append(["more"])
        _ = try village.store.save(try deliver(from: 5))
        _ = try village.store.save(small)
        #expect(try village.store.alarms().map(\.kind) == ["receipt-went-back"])
        #expect(try village.store.receipts(of: log).map(\.size) == [5])
    }

    @Test func aForgedReceiptThatGoesBackRaisesNothing() throws {
        _ = try village.store.save(try deliver())
        let forged = Receipt(kind: .held, log: log, holder: hub.own.node, size: 1, note: "x\n\n— a AAAA\n")
        #expect(throws: FrameError.self) { try village.store.save(forged) }
        #expect(try village.store.alarms().isEmpty)
    }

    @Test func aReceiptForAnotherHistoryRaisesAnAlarmAndIsNotKept() throws {
        // A copy of the village's disk, under the same key, wrote something else and was first at the hub.
        let copied = Signer(node: village.signer.node, epoch: village.signer.epoch, key: village.signer.key)
        let folder = try TestFolder()
        let other = try LogStore(folder: folder.path, signer: copied)
        try other.append(wall: 0, (0..<5).map { index in (log: log, make: { _ in Array("other \(index)".utf8) }) })
        let frame = try #require(try other.frame(log, from: 0, maxBytes: 1 << 20))
        let receipt = try #require(try hub.commit(frame).receipt)
        #expect(throws: FrameError.self) { try village.store.save(receipt) }
        #expect(try village.store.alarms().map(\.kind) == ["fork"])
        #expect(try village.store.receipts(of: log).isEmpty)
    }

    @Test func aHubCannotSignAsTheCentre() throws {
        let centre = try TestStore("pusat", region: "id")
        try village.store.trust(centre.own)
        // The hub enrols a key of its own under the centre's name.
        let impostor = try TestStore("pusat", region: "36.04")
        let line = try enrolling(impostor.own, by: hub)
        let frame = try #require(try hub.store.frame(line.reference.log, from: 0, maxBytes: 1 << 20))
        _ = try village.store.commit(frame, scope: village.region, stating: false)
        try impostor.store.trust(village.own)
        let mine = try #require(try village.store.frame(log, from: 0, maxBytes: 1 << 20))
        let stolen = try #require(try impostor.commit(mine).receipt)
        #expect(throws: FrameError.self) { try village.store.save(stolen) }
        #expect(try village.store.alarms().map(\.kind) == ["foreign-name"])
    }

    @Test func aReceiptForALogFromAboveIsAsGoodAsAnother() throws {
        let centre = try TestStore("pusat", region: "id")
        for test in [hub, village] { try test.store.trust(centre.own) }
        try centre.append(["for all"])
        let national = centre.signer.log(.region(centre.region), lane: .main)
        let frame = try #require(try centre.store.frame(national, from: 0, maxBytes: 1 << 20))
        // The village was told by the hub, and hands it back: the hub may have been restored since.
        let receipt = try #require(try hub.commit(frame).receipt)
        #expect(try hub.store.audit().isSound)
        _ = try village.store.commit(frame, scope: village.region, stating: false)
        #expect(try village.store.save(receipt))
        #expect(try village.store.audit().isSound)
    }

    private func enrolling(_ enrolment: Enrolment, by hub: TestStore) throws -> AppendedLine {
        let log = hub.signer.log(.region(hub.region), lane: .main)
        let time = DateTime(milliseconds: 1_786_700_000_000)
        return try hub.store.append(
            wall: time.milliseconds,
            [
                (
                    log: log,
                    make: { place in
                        try EventLine(
                            type: "node.enrolled", version: 1, source: log, sequence: place.sequence,
                            subject: enrolment.node.description, time: time, hybridTime: place.hybridTime,
                            occurredAt: OccurredAt(time), actor: "hub", role: "system", region: hub.region,
                            regionEdition: "2025-2430",
                            data: enrolment.json.setting("since", to: .string("2026-08-14"))
                        ).encoded()
                    }
                )
            ])[0]
    }

    private func state(_ exceptions: [CountedStatement.Exception]) throws {
        try hub.store.state([
            (branch: nil, statement: CountedStatement(log: log, size: 5, models: "m1", exceptions: exceptions))
        ])
    }

    @Test func aCountNamesTheHistoryThatItIsAbout() throws {
        _ = try deliver()
        try state([])
        let receipt = try #require(try hub.store.receipts(of: log).first { $0.kind == .counted })
        // The village's disk is replaced by a copy with other lines, of which the hub has counted none.
        let folder = try TestFolder()
        let other = try LogStore(folder: folder.path, signer: village.signer)
        try other.trust(hub.own)
        try other.append(wall: 0, (0..<5).map { index in (log: log, make: { _ in Array("other \(index)".utf8) }) })
        #expect(throws: FrameError.self) { try other.save(receipt) }
        #expect(try other.receipts(of: log).isEmpty)
    }

    @Test func countedStatementsAreSignedOnceForTheSameContent() throws {
        _ = try deliver()
        try state([.init(first: 1, last: 2, reason: "parked")])
        let first = try hub.store.receipts(of: log).filter { $0.kind == .counted }
        try state([.init(first: 1, last: 2, reason: "parked")])
        #expect(try hub.store.receipts(of: log).filter { $0.kind == .counted } == first)
        #expect(try village.store.save(try #require(first.first)))
        try state([])
        #expect(try hub.store.receipts(of: log).filter { $0.kind == .counted } != first)
    }

    // MARK: - Published vectors

    private struct Vectors: Decodable {
        struct Case: Decodable {
            var name: String
            var error: String?
            var receipt: String
            var note: String
        }

        var log: String
        var holder: String
        var key: Data
        var cases: [Case]
    }

    @Test func receiptsAreKeptAndRefusedAsThePublishedVectorsSay() throws {
        let vectors = try Repository.vectors("receipts", as: Vectors.self)
        let parts = vectors.holder.split(separator: "/").map(String.init)
        for vector in vectors.cases {
            let test = try TestStore("lontar-a", region: "36.04.13.2007")
            let log = try LogName(vectors.log)
            try test.store.trust(
                Enrolment(
                    node: try NodeName(parts[1]), epoch: try Epoch(parts[2]), region: try RegionCode("36.04"),
                    edition: "x", role: .hub, sign: vectors.key, wrap: vectors.key))
            try holdPublishedLog(test, log)
            let record = JSON.object([
                JSONMember("receipt", .string(vector.receipt)), JSONMember("log", .string(vectors.log)),
                JSONMember("holder", .string(parts[1])), JSONMember("note", .string(vector.note)),
            ])
            do {
                let isNew = try test.store.save(try Receipt(json: record))
                #expect(isNew && vector.error == nil, "\(vector.name)")
            } catch is FrameError {
                #expect(vector.error != nil, "\(vector.name)")
            }
        }
    }

    /// The first lines of the published log, which the receipts are about.
    private func holdPublishedLog(_ test: TestStore, _ log: LogName) throws {
        struct Frames: Decodable {
            struct Case: Decodable {
                var name: String
                var frame: Data
            }
            var key: Data
            var cases: [Case]
        }
        let frames = try Repository.vectors("frames", as: Frames.self)
        try test.store.trust(
            Enrolment(
                node: log.node, epoch: log.epoch, region: try RegionCode("36.04.13.2007"), edition: "x",
                role: .village, sign: frames.key, wrap: frames.key))
        for name in ["every line held already", "three lines"] {
            let vector = try #require(frames.cases.first { $0.name == name })
            let reader = try FrameReader()
            try reader.feed(vector.frame)
            guard case .lines(let lines)? = try reader.next() else { continue }
            try test.commit(lines)
        }
    }
}
