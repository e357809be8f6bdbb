import Event
import Foundation
import GRDB
import Store
import Sync
import TestKit
import Testing
import TransparencyLog

/// What a store knows of copies of its disk, and of having been restored.
@Suite struct StandingTests {
    private let test: TestStore
    private let log: LogName

    init() throws {
        test = try TestStore()
        log = test.signer.log(.region(test.region), lane: .main)
    }

    /// The same disk's other life: a store of the same signer that wrote something else.
    private func otherLife(_ lines: [String]) throws -> LinesFrame {
        let folder = try TestFolder("other")
        let other = try LogStore(folder: folder.path, signer: test.signer)
        try other.append(wall: 0, lines.map { text in (log: log, make: { _ in Array(text.utf8) }) })
        return try #require(try other.frame(log, from: 0, maxBytes: 1 << 20))
    }

    @Test func linesThatComeBackUnderTheOwnKeyMakeACopyLeaveItsEpoch() throws {
        try test.append(["mine"])
        #expect(try test.store.mustLeaveEpoch() == nil)
        try test.commit(try otherLife(["theirs", "and more"]), scope: "36.04")
        #expect(try test.store.mustLeaveEpoch() != nil)
        #expect(try test.store.heads(log).count == 2)
        #expect(try test.store.alarms().map(\.kind).contains("copied"))
        // It goes on meanwhile: nothing freezes.
        #expect(try test.append(["still mine"])[0].reference.sequence == 1)
        #expect(try test.store.audit().isSound)
    }

    @Test func aFolderElsewhereIsNoticedOnce() throws {
        #expect(try !test.store.noticeInstallation("machine-a/1"))
        #expect(try !test.store.noticeInstallation("machine-a/1"))
        #expect(try test.store.noticeInstallation("machine-a/2"))
        #expect(try !test.store.noticeInstallation("machine-a/2"))
        #expect(try test.store.mustLeaveEpoch() != nil)
        #expect(try test.store.alarms().map(\.kind) == ["copied"])
    }

    @Test(
        "disks tell machines apart only where both times some were seen",
        arguments: [
            ("m/1 a,b", "m/1 ", false), ("m/1 ", "m/1 a", false), ("m/1 a,b", "m/1 b,c", false),
            ("m/1 a", "m/1 b", true), ("m/1 a", "m/2 a", true),
        ])
    func disks(first: String, second: String, isCopy: Bool) throws {
        #expect(try !test.store.noticeInstallation(first))
        #expect(try test.store.noticeInstallation(second) == isCopy)
        // A service and commands take turns.
        #expect(try test.store.noticeInstallation(first) == isCopy)
        #expect(try (test.store.mustLeaveEpoch() != nil) == isCopy)
    }

    @Test func anEpochThatSyncsFromTwoMachinesIsTold() throws {
        let author = try Author()
        try test.store.trust(author.enrolment)
        try test.commit(
            try {
                var a = author
                a.write(3)
                return try a.frame(0, 3)
            }())
        let (node, epoch) = (author.log.node, author.log.epoch)
        for _ in 0..<2 { try test.store.noteMachine("laptop-1/aa", node: node, epoch: epoch) }
        #expect(try test.store.alarms().isEmpty)
        try test.store.noteMachine("laptop-2/bb", node: node, epoch: epoch)
        let alarm = try #require(try test.store.alarms().first)
        #expect(alarm.kind == "two-machines" && alarm.detail.contains("laptop-1/aa"))
        var other = author
        other.write(2)
        other.write(1) { _ in "another third line" }
        try test.commit(try other.frame(0, 3))
        let fork = try #require(try test.store.alarms().first { $0.kind == "fork" })
        #expect(fork.detail.contains("laptop-2/bb"))
    }

    @Test func aNewEpochKeepsTheNumbersOfItsCuts() throws {
        try test.append(["one", "two"])
        try test.append(["three"])
        let before = try test.store.intake(after: 0, limit: 100)
        try test.store.close()
        let key = test.signer.key
        let next = Signer(node: test.signer.node, epoch: .random(), key: key)
        let store = try LogStore(folder: test.folder.path, signer: next)
        let after = try store.intake(after: 0, limit: 100)
        #expect(after.map(\.cut) == before.map(\.cut) && after.map(\.log) == before.map(\.log))
        #expect(after.map(\.first) == before.map(\.first) && after.map(\.last) == before.map(\.last))
        try store.append(
            wall: 0, [(log: next.log(.region(test.region), lane: .main), make: { _ in Array("four".utf8) })])
        #expect(try store.intakeSize() == Int64(before.count) + 1)
    }

    @Test func aProgramThatStillRunsTakesNothingInOnceTheFolderIsOfAnotherEpoch() throws {
        try test.append(["one", "two"])
        let next = Signer(node: test.signer.node, epoch: .random(), key: test.signer.key)
        let store = try LogStore(folder: test.folder.path, signer: next)
        let before = try store.intakeSize()
        #expect {
            try test.append(["three"])
        } throws: { error in
            "\(error)".contains("epoch \(next.epoch)") && "\(error)".contains("start the program again")
        }
        // Nothing is left half: the newer one goes on, and an older program cannot take the folder back.
        #expect(try store.intakeSize() == before)
        try store.append(
            wall: 0, [(log: next.log(.region(test.region), lane: .main), make: { _ in Array("four".utf8) })])
        #expect(throws: StoreError.self) { try LogStore(folder: test.folder.path, signer: test.signer) }
    }

    @Test func aRestoredHubWritesNothingBeforeItsPeersHaveAnswered() throws {
        let villages = try ["lontar-a", "kramat-a", "silent-a"].map { try Author($0) }
        for (author, day) in zip(villages, ["2026-08-10", "2026-08-01", "2026-05-01"]) {
            try test.store.trust(author.enrolment)
            var peer = PeerMemory(node: author.log.node)
            (peer.contactDay, peer.lastContact, peer.mark) = (day, day + "T00:00:00Z", "a:1")
            try test.store.save(peer)
        }
        let mark = try test.store.storeID()
        try test.store.close()
        try LogStore.prepareRestored(folder: test.folder.path, holding: true)
        try test.reopen(closing: false)
        #expect(try test.store.storeID() != mark)
        #expect(try test.store.peer(villages[0].log.node).mark == "")
        // One that was silent long before the backup is not waited for.
        #expect(try test.store.silentPeers() == [villages[1].log.node, villages[0].log.node].sorted())
        #expect(throws: StoreError.self) { try test.append(["too early"]) }
        // What others wrote is taken all the same.
        var author = villages[0]
        author.write(2)
        #expect(try test.commit(try author.frame(0, 2)).added == 2)
        try test.store.noteHeard(villages[0].log.node)
        #expect(throws: StoreError.self) { try test.append(["too early"]) }
        try test.store.noteHeard(villages[1].log.node)
        #expect(try !test.store.isHolding())
        try test.append(["in time"])
    }

    @Test func anOperatorsWordEndsTheWaitAndIsKept() throws {
        let author = try Author()
        try test.store.trust(author.enrolment)
        var peer = PeerMemory(node: author.log.node)
        (peer.contactDay, peer.lastContact) = ("2026-08-10", "2026-08-10T00:00:00Z")
        try test.store.save(peer)
        try test.store.close()
        try LogStore.prepareRestored(folder: test.folder.path, holding: true)
        try test.reopen(closing: false)
        try test.store.override(by: "ho-12", reason: "burnt")
        try test.append(["again"])
        let kept = try #require(try test.store.alarms().first { $0.kind == "restore-override" })
        #expect(kept.detail.contains("ho-12") && kept.detail.contains("burnt") && kept.detail.contains("lontar-a"))
    }

    @Test func aBackupIsWholeWhileOthersWrite() async throws {
        try test.append((0..<50).map { "line \($0)" })
        let store = test.store
        let (log, folder) = (log, try TestFolder("backup"))
        async let writing: Void = Task.detached {
            for number in 0..<50 {
                try store.append(wall: 0, [(log: log, make: { _ in Array("more \(number)".utf8) })])
            }
        }.value
        for number in 0..<5 {
            let path = folder.path + "/\(number)"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try store.backUp(to: path + "/log.db")
            let report = try LogStore.auditCopy(folder: path)
            #expect(report.isSound, "\(report.findings) \(report.damage)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["log.db"])
        }
        try await writing
    }
}
