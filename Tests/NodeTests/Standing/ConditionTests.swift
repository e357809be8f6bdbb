import Catalogue
import Event
import Foundation
import Logging
import Store
import Synchronization
import TestKit
import Testing

@testable import Node

/// The states of a node, found from its own files: real stores, real keys, real disks.
@Suite struct ConditionTests {
    /// A wall clock that a test sets.
    private final class Wall: Sendable {
        private let moment: Mutex<Date>

        init(_ text: String) throws { moment = Mutex(try Date(text, strategy: .iso8601)) }

        func set(_ text: String) throws {
            let date = try Date(text, strategy: .iso8601)
            moment.withLock { $0 = date }
        }

        func forward(hours: Double) { moment.withLock { $0 += hours * 3_600 } }

        var now: @Sendable () -> Date { { self.moment.withLock { $0 } } }
    }

    private static let quiet: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    private let wall: Wall
    private let centre: TestNode
    private let hub: TestNode
    private let village: TestNode

    init() throws {
        let wall = try Wall("2026-08-14T03:00:00Z")
        self.wall = wall
        centre = try TestNode.centre(now: wall.now)
        hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: wall.now)
        village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: wall.now)
    }

    private func codes(_ node: TestNode) throws -> [NodeCondition.Code] { try node.node.conditions().map(\.code) }

    /// What a sync leaves in the memory of the node above.
    private func remember(_ change: (inout PeerMemory) -> Void) throws {
        var peer = try village.node.store.peer(hub.node.own.node)
        change(&peer)
        try village.node.store.save(peer)
    }

    private func contact() throws {
        let stamp = DateTime(milliseconds: Int64(wall.now().timeIntervalSince1970) * 1_000).description
        try remember {
            ($0.lastContact, $0.lastAgreement, $0.failureReason, $0.failureCode) = (stamp, stamp, nil, nil)
        }
    }

    // MARK: - Contact

    @Test func `a node that never synced says so until it has, and again after a week without`() throws {
        #expect(try codes(village).contains(.neverSynced))
        try contact()
        #expect(try codes(village).isEmpty)
        wall.forward(hours: 6 * 24)
        #expect(try codes(village).isEmpty)
        wall.forward(hours: 24)
        let silent = try #require(try village.node.conditions().first)
        #expect(silent.code == .silent && silent.what.id.contains("7 hari"))
    }

    @Test func `a failure is worded by its code, and forgotten with the next success`() throws {
        try contact()
        try remember {
            $0.failureCode = NodeCondition.Code.revoked.rawValue
            $0.failureReason = "hub-serang refused this node (revoked-node): it is revoked — ask"
            $0.lastFailure = $0.lastContact
        }
        wall.forward(hours: 400)
        let conditions = try village.node.conditions()
        #expect(conditions.map(\.code) == [.revoked], "nothing else is asked of a laptop that is revoked")
        #expect(!conditions[0].next.id.contains("refused"))
        #expect(try SyncState(node: village.node).way == .refused)
        try contact()
        #expect(try codes(village).isEmpty)
        #expect(try village.node.store.peer(hub.node.own.node).failureCode == nil)
    }

    @Test func `a refusal is told by its code's words, not in English`() throws {
        try contact()
        try remember {
            $0.failureCode = NodeCondition.Code.refused.rawValue
            $0.failureReason = "hub-serang refused this node (unknown-author): no key — ask"
        }
        let condition = try #require(try village.node.conditions().first)
        #expect(condition.code == .refused)
        #expect(condition.next.id.contains("hub belum mengenal kunci laptop ini"))
        #expect(!condition.next.id.contains("refused"))
    }

    @Test func `records go by themselves only while a program keeps a schedule`() throws {
        #expect(try SyncState(node: village.node).way == .byHand)
        let schedule = try SyncSchedule(keeping: village.node.folder)
        #expect(try SyncState(node: village.node).way == .bySchedule)
        schedule.end()
        #expect(try SyncState(node: village.node).way == .byHand)
    }

    @Test func `records that the hub does not take are told with the reason`() throws {
        try contact()
        let line = try village.record(
            "warning.published",
            ["title": "Awas", "text": "Jangan.", "urgent": false, "valid_from": "2026-08-10"], role: "central_officer")
        try village.node.store.noteRefusal(
            log: line.reference.log, peer: hub.node.own.node, code: "disk-full", detail: "no room", size: 0)
        let condition = try #require(try village.node.conditions().first)
        #expect(condition.code == .recordsHeld)
        #expect(condition.what.id.contains("disk hub penuh") && !condition.what.id.contains("no room"))
    }

    // MARK: - The clock

    @Test func `a clock before any node, and a contact still to come, are told`() throws {
        try contact()
        try wall.set("1970-01-02T00:00:00Z")
        let wrong = try #require(try village.node.conditions().first)
        #expect(wrong.code == .clockWrong && wrong.what.id.contains("1970-01-02"))
        try wall.set("2036-03-01T00:00:00Z")
        try contact()
        try wall.set("2026-08-15T00:00:00Z")
        let changed = try #require(try village.node.conditions().first)
        #expect(changed.code == .clockChanged && changed.what.id.contains("2036-03-01"))
        try contact()
        #expect(try codes(village).isEmpty)
    }

    // MARK: - Keys

    @Test func `a locked node, and a recovery key that the hub does not have yet`() throws {
        try contact()
        defer { try? village.node.vault.lock() }
        _ = try village.node.setPassphrase(Passphrase("ladang padi di pagi hari"))
        #expect(try codes(village) == [.keyNotDeposited])
        try village.node.vault.lock()
        #expect(try codes(village) == [.locked, .keyNotDeposited])
        try village.carry(to: hub)
        try hub.carry(to: village)
        #expect(try codes(village) == [.locked])
        try village.node.unlock(Passphrase("ladang padi di pagi hari"), idle: nil)
        #expect(try codes(village).isEmpty)
    }

    // MARK: - The disk

    @Test func `attachments that wait, and those that the hub did not take`() throws {
        try contact()
        let (waiting, refused) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        try village.node.blobs.send(waiting)
        #expect(try codes(village) == [.attachmentsWaiting])
        var errand = BlobStore.Errand()
        errand.refused = "small disk"
        try village.node.blobs.send(refused, errand)
        #expect(try codes(village) == [.attachmentsRefused, .attachmentsWaiting])
        for hash in [waiting, refused] { try village.node.blobs.sent(hash) }
        #expect(try codes(village).isEmpty)
    }

    @Test(.enabled(if: SmallDisk.canBeMade)) func `a disk that fills up is told before it is full`() throws {
        try contact()
        try village.node.close()
        let disk = try SmallDisk(megabytes: 600)
        let folder = disk.folder.file("lontar-a")
        try FileManager.default.copyItem(atPath: village.folder.path, toPath: folder)
        let node = try Node(folder: NodeFolder(path: folder), logger: Self.quiet, now: wall.now)
        #expect(try !node.conditions().contains { [.diskLow, .diskFull].contains($0.code) })
        try disk.fill(leaving: 100 << 20)
        let low = try #require(try node.conditions().first { $0.code == .diskLow })
        #expect(low.what.id.contains("10") && !low.isUrgent)
        disk.free()
        try disk.fill(leaving: 8 << 20)
        let full = try #require(try node.conditions().first { $0.code == .diskFull })
        #expect(full.isUrgent)
        try node.close()
    }

    @Test func `models that are damaged are told, and the rest of the states still is`() throws {
        try contact()
        _ = try village.node.project()
        try village.node.close()
        let copy = try village.copy()
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy.file("models.db\(end)")) }
        try Data(repeating: 0x5a, count: 40_000).write(to: URL(filePath: copy.file("models.db")))
        let node = try village.restored(copy, now: wall.now)
        #expect(try codes(node).contains(.modelsDamaged))
        #expect(try codes(node).contains(.copied), "the copy is told of all the same")
    }

    // MARK: - Copies and restores

    @Test func `a copied folder says so until it has left its epoch`() throws {
        try contact()
        try village.node.close()
        let copy = try village.restored(try village.copy(), now: wall.now)
        let condition = try #require(try copy.node.conditions().first { $0.code == .copied })
        #expect(condition.isUrgent && condition.since != nil && !condition.isAlarm)
        #expect(condition.next.id.contains("Pakai satu saja"))
        let next = try Succession(node: copy.node).openIfNeeded(hub.node.own) { try hub.node.enrol($0) }
        #expect(next != nil && next != copy.node.own.epoch)
        let opened = try Node(folder: copy.node.folder, logger: Self.quiet, now: wall.now)
        #expect(try !opened.conditions().contains { $0.code == .copied })
        #expect(try opened.store.alarms().contains { $0.kind == "copied" }, "what happened stays noted")
    }

    @Test func `an alarm ends when its epoch is revoked, and after a month`() throws {
        let (name, epoch) = (village.node.own.node, village.node.own.epoch)
        let store = hub.node.store
        try store.noteMachine("laptop-1/aa", node: name, epoch: epoch)
        try store.noteMachine("laptop-2/bb", node: name, epoch: epoch)
        let told = try #require(try hub.node.conditions().first { $0.code == .twoMachines })
        #expect(told.isAlarm && told.what.id.contains("laptop-1/aa") && told.what.id.contains("laptop-2/bb"))
        wall.forward(hours: 31 * 24)
        #expect(try !codes(hub).contains(.twoMachines))
        try store.noteAlarm(kind: "new-epoch", log: "\(name)/\(epoch)", detail: "a copy")
        let opened = try #require(try hub.node.conditions().first { $0.code == .newEpoch })
        #expect(opened.next.id.contains("simpul nodes revoke \(name) --epoch \(epoch) --reason compromised"))
        try hub.record(
            "node.revoked", subject: name.description,
            [
                "node": .string(name.description), "epoch": .string(epoch.description), "reason": "lost",
                "at": .string(DateTime(milliseconds: Int64(wall.now().timeIntervalSince1970 * 1_000)).description),
            ], role: "system")
        #expect(try !codes(hub).contains(.newEpoch))
        try store.noteAlarm(kind: "from-tomorrow", log: "", detail: "what only a newer program knows")
        let other = try #require(try hub.node.conditions().first { $0.code == .other })
        #expect(other.next.id.contains("what only a newer program knows"))
    }

    // MARK: - Erasures

    private static let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"

    private func carry() throws {
        for _ in 0..<2 {
            try village.carry(to: hub)
            try hub.carry(to: village)
        }
        try hub.node.project()
        try village.node.project()
    }

    @Test func `an erasure is told while it is asked for, while it runs, and once it is late`() throws {
        try village.record(
            "person.registered", subject: Self.person,
            [
                "full_name": "Rohmah Kanari", "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "lawful_basis": "public_task", "source": "home",
            ], role: "community_organizer")
        try village.record(
            "privacy.request_received", subject: Self.person,
            [
                "person_id": .string(Self.person), "kind": "erase", "received_at": "2026-08-14T10:00:00+07:00",
                "channel": "home",
            ], role: "community_organizer")
        try carry()
        wall.forward(hours: 12)
        let asked = try #require(try hub.node.conditions().first { $0.code == .erasureRequested })
        #expect(asked.isUrgent && asked.what.id.contains("sisa 60 jam"))
        #expect(try codes(village).contains(.erasureRequested))
        try hub.node.order(hub.node.planErasure(of: Self.person), reason: "request", actor: "dewi", role: "hub_officer")
        try hub.node.project()
        let due = try #require(try hub.node.conditions().first { $0.code == .erasureDue })
        #expect(due.what.id.contains("lontar-a") && !due.isUrgent)
        wall.forward(hours: 100)
        let late = try #require(try hub.node.conditions().first { $0.code == .erasureOverdue })
        #expect(late.isUrgent && late.what.id.contains("lewat 40 jam") && late.what.id.contains("lontar-a"))
        #expect(!late.what.id.contains("Rohmah"))
        try carry()
        try hub.carry(to: centre)
        #expect(try !codes(village).contains(.erasureOverdue), "the village has done its part")
    }
}
