import Catalogue
import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing
import Transport

/// Photos and documents: encrypted, by hash, after all lines, over lines that break.
@Suite(.timeLimit(.minutes(5))) struct `An attachment` {
    /// Bytes that do not compress.
    private static func photo(_ bytes: Int, seed: UInt64 = 7) -> Data {
        var generator = SeededGenerator(seed: seed)
        return Data(generator.bytes(bytes))
    }

    private static func attach(_ content: Data, at node: Node) throws -> (
        record: AppendedLine, attachment: AttachmentLine
    ) {
        let record = try node.recordExample()
        let attachment = try node.attach(
            content, name: "ktp.jpg", to: record.reference, actor: "a-976e3d16", role: "community_organizer")
        return (record, attachment)
    }

    private static func upload(_ node: Node) async throws {
        do { _ = try await LiveWorld.sync(node) } catch is TransportError {}
    }

    @Test func `goes to the hub encrypted, and is read there and at the sibling's under the person's key`() async throws
    {
        let scene = try await SyncScene()
        let photo = Self.photo(200_000)
        // So that the village knows of its sibling and wraps keys for it.
        #expect(try await LiveWorld.sync(scene.village).agreed)
        let (_, attachment) = try Self.attach(photo, at: scene.village)
        #expect(try await LiveWorld.sync(scene.village).contentsWaiting == 0)
        let hub = scene.hub
        try hub.settle()
        #expect(hub.blobs.isWhole(attachment.sha256))
        let stored = try hub.blobs.read(attachment.sha256)
        #expect(stored.range(of: photo.prefix(64)) == nil, "no plain byte of it on the disk")
        #expect(try hub.open(attachment)?.content == photo)
        #expect(try hub.open(attachment)?.fileName == "ktp.jpg")

        let sibling = scene.sibling
        #expect(try await LiveWorld.sync(sibling).agreed)
        let there = try #require(try sibling.attachments(inScopeOf: sibling.own.region).first)
        #expect(!sibling.blobs.isWhole(there.sha256), "contents go down only when somebody asks")
        try await HTTPWorker(try #require(SyncRunner.settings(sibling.configuration))).run {
            try AttachmentExchange(node: sibling, client: $0).fetch(there)
        }
        #expect(try sibling.open(there)?.content == photo)
        #expect(try scene.other.attachments(inScopeOf: scene.other.own.region).isEmpty)
    }

    @Test func `goes on at the piece where the line broke`() async throws {
        let scene = try await SyncScene()
        let relay = try Relay(to: scene.server.port)
        let village = try Node.moved(scene.village, to: relay.url)
        let (_, attachment) = try Self.attach(Self.photo(300_000), at: village)
        relay.cutEach(upAfter: 60_000)
        var (held, tries) = ([Int64](), 0)
        while !scene.hub.blobs.isWhole(attachment.sha256), tries < 40 {
            tries += 1
            try await scene.untilFree(village)
            try await Self.upload(village)
            held.append(scene.hub.blobs.held(attachment.sha256))
        }
        #expect(scene.hub.blobs.isWhole(attachment.sha256), "\(held)")
        #expect(relay.cuts > 2)
        #expect(held == held.sorted(), "nothing was begun again: \(held)")
        let up = relay.recorded.up.reduce(0) { $0 + $1.count }
        #expect(up < 300_000 * 2, "\(up) bytes up for 300 kB over \(relay.cuts) cuts")
        relay.cut()
        try await scene.untilFree(village)
        #expect(try await LiveWorld.sync(village).contentsWaiting == 0)
    }

    @Test func `waits while lines wait, and is interrupted by a line saved meanwhile`() async throws {
        let scene = try await SyncScene()
        let village = scene.village
        let (_, attachment) = try Self.attach(Self.photo(400_000), at: village)
        let agreed = try village.store.peer(scene.hub.own.node).agreed
        let settings = try #require(SyncRunner.settings(village.configuration))
        // Nothing was agreed yet: the lines go first.
        #expect(
            try await HTTPWorker(settings).run {
                try AttachmentExchange(node: village, client: $0).sendAll(since: agreed)
            } == .linesWait)
        #expect(scene.hub.blobs.held(attachment.sha256) == 0)

        #expect(try await LiveWorld.sync(village).agreed)
        #expect(scene.hub.blobs.isWhole(attachment.sha256))
        let (_, second) = try Self.attach(Self.photo(400_000, seed: 8), at: village)
        let later = try village.store.digest(scope: village.own.region).counter
        // As if agreed now; then something urgent is recorded.
        let urgent = try village.recordExample("response.requested")
        #expect(
            try await HTTPWorker(settings).run {
                try AttachmentExchange(node: village, client: $0).sendAll(since: later)
            } == .linesWait)
        #expect(scene.hub.blobs.held(second.sha256) == 0)
        #expect(try await LiveWorld.sync(village).contentsWaiting == 0)
        #expect(scene.hub.blobs.isWhole(second.sha256))
        #expect(try scene.hub.store.line(urgent.reference.log, urgent.reference.sequence) == urgent.bytes)
    }

    @Test func `that is not what its line names is refused by its hash, and nothing of it is kept`() async throws {
        let scene = try await SyncScene()
        let village = scene.village
        let (_, attachment) = try Self.attach(Self.photo(100_000), at: village)
        // A byte turned over on the laptop's disk.
        let path = village.folder.path + "/blobs/\(attachment.sha256.prefix(2))/\(attachment.sha256)"
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[5_000] ^= 1
        try bytes.write(to: URL(filePath: path))
        let report = try await LiveWorld.sync(village)
        #expect(report.agreed && report.contentsWaiting == 1)
        #expect(scene.hub.blobs.held(attachment.sha256) == 0)
        let errand = try #require(try village.blobs.errands().first?.errand)
        #expect(errand.refused?.contains("not the content") == true, "\(errand)")
        #expect(throws: NodeError.self) { try village.open(attachment) }
    }

    @Test func `that no line names is not taken, nor one of another village given`() async throws {
        let scene = try await SyncScene()
        let (_, attachment) = try Self.attach(Self.photo(50_000), at: scene.village)
        _ = try await LiveWorld.sync(scene.village)
        // The neighbour knows the hash, and has no line of it.
        let other = scene.other
        let settings = try #require(SyncRunner.settings(other.configuration))
        _ = try await LiveWorld.sync(other)
        let refused = await #expect(throws: TransportError.self) {
            try await HTTPWorker(settings).run { try AttachmentExchange(node: other, client: $0).fetch(attachment) }
        }
        #expect(refused?.answer?.head.status == 404)
        #expect(other.blobs.held(attachment.sha256) == 0)
    }

    @Test func `is not taken by a node whose disk is small, which says so; lines go on`() async throws {
        var options = LiveServer.Options()
        options.blobReserve = .max / 2
        let scene = try await SyncScene(options)
        let (record, attachment) = try Self.attach(Self.photo(50_000), at: scene.village)
        let report = try await LiveWorld.sync(scene.village)
        #expect(report.agreed && report.contentsWaiting == 1)
        #expect(scene.hub.blobs.held(attachment.sha256) == 0)
        #expect(try scene.hub.store.line(record.reference.log, record.reference.sequence) == record.bytes)
        let errand = try #require(try scene.village.blobs.errands().first?.errand)
        #expect(errand.refused?.contains("MiB free") == true, "\(errand)")
    }

    @Test func `is limited in size, and its line carries hash and size only`() async throws {
        let scene = try await SyncScene()
        let village = scene.village
        let record = try village.recordExample()
        #expect(throws: NodeError.self) {
            try village.attach(
                Data(count: (8 << 20) + 1), name: "film.mp4", to: record.reference, actor: "a-1",
                role: "community_organizer")
        }
        #expect(try village.blobs.errands().isEmpty)
        let (_, attachment) = try Self.attach(Self.photo(70_000), at: village)
        let line = try #require(try village.store.line(attachment.line.log, attachment.line.sequence))
        #expect(line.count < 1_500)
        let text = String(decoding: line, as: UTF8.self)
        #expect(!text.contains("ktp.jpg") && text.contains(attachment.sha256))
    }

    @Test func `of a person is taken with her consent only, and is gone once her keys are erased`() async throws {
        let scene = try await SyncScene()
        let (village, hub) = (scene.village, scene.hub)
        let (person, household) = (UUID().uuidString.lowercased(), UUID().uuidString.lowercased())
        let record = { (type: String, subject: String, data: JSON) in
            try village.recorder.record(
                Draft(type: type, subject: subject, data: data, actor: "a-976e3d16", role: "community_organizer"))
        }
        let attach = { (line: AppendedLine) in
            try village.attach(
                Self.photo(40_000), name: "foto.jpg", to: line.reference, actor: "a-976e3d16",
                role: "community_organizer")
        }
        // Facts without identity can be recorded of her; a photo of her cannot.
        let facts = try record(
            "visit.recorded", household,
            [
                "household_id": .string(household), "person_ids": [.string(person)], "purpose": "routine",
                "channel": "home", "started_at": "2026-08-14T09:30:00+07:00", "met": "met",
            ])
        #expect(throws: InvalidDraft.self) { try attach(facts) }
        #expect(try village.blobs.errands().isEmpty, "nothing is kept of what was refused")

        _ = try record(
            "privacy.consent_granted", person,
            [
                "person_id": .string(person), "purposes": ["protection"], "form": "written", "language": "id",
                "text_version": "1.2.0", "given_by": "self",
            ])
        let attachment = try attach(facts)
        #expect(try await LiveWorld.sync(village).contentsWaiting == 0)
        try hub.settle()
        #expect(try hub.open(attachment)?.content == Self.photo(40_000))

        _ = try hub.order(try hub.planErasure(of: person), reason: "request", actor: "dpo-1", role: "dpo")
        #expect(hub.blobs.held(attachment.sha256) == 0)
        #expect(try hub.open(attachment) == nil)
        #expect(try await LiveWorld.sync(village).agreed)
        try village.settle()
        #expect(village.blobs.held(attachment.sha256) == 0)
        // And it cannot come back.
        let settings = try #require(SyncRunner.settings(village.configuration))
        await #expect(throws: TransportError.self) {
            try await HTTPWorker(settings).run { try AttachmentExchange(node: village, client: $0).fetch(attachment) }
        }
    }
}
