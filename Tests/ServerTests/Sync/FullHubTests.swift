import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing

/// A hub whose disk takes nothing more: it says so, keeps what it has, and goes on by itself once there is space.
@Suite(.enabled(if: SmallDisk.canBeMade, "only root can mount a small disk"), .timeLimit(.minutes(5)))
struct `A hub whose disk is full` {
    @Test func `refuses what does not fit, by that name, and takes it later`() async throws {
        let disk = try SmallDisk(megabytes: 24)
        let scene = try await SyncScene(hubDisk: disk.folder)
        try await scene.checkGoesOn(scene.village)
        var author = try scene.author()
        author.write(64) { _ in String(repeating: "x", count: 60_000) }
        var request = scene.request
        for from in stride(from: Int64(0), to: 64, by: 16) { try request.add(try author.frame(from, from + 16)) }
        try disk.fill(leaving: 1_500_000)

        let full = try await request.send(to: scene.server)
        #expect(full.status == 200)
        #expect(full.refusals.map(\.code) == ["disk-full"])
        #expect(!full.hasEnd)
        let detail = full.records.first { $0["refused"] != nil }?["detail"]?.stringValue
        #expect(detail?.contains("hub-serang is full") == true, "\(detail ?? "")")
        let kept = try scene.held().first { $0.log == author.log }?.size ?? 0
        #expect(kept < 64)
        #expect(full.held[author.log.description] ?? 0 == kept, "what was receipted, and nothing else, is there")

        disk.free()
        let later = try await request.send(to: scene.server)
        #expect(later.held[author.log.description] == 64)
        #expect(later.hasEnd)
        try await scene.checkGoesOn(scene.village)
        try await scene.checkGoesOn(scene.other)
    }

    @Test func `is told to the village as what it is, and the village keeps everything`() async throws {
        let disk = try SmallDisk(megabytes: 24)
        let scene = try await SyncScene(hubDisk: disk.folder)
        try await scene.checkGoesOn(scene.village)
        try disk.fill()
        var saved: [AppendedLine] = []
        var failure: String?
        // Until the space that the hub's files have already is used up.
        while failure == nil, saved.count < 20_000 {
            saved += try scene.village.recordExamples(500)
            do { try await LiveWorld.sync(scene.village) } catch { failure = "\(error)" }
        }
        #expect(failure?.contains("full") == true, "\(failure ?? "no failure")")
        #expect(try scene.village.store.peer(scene.hub.own.node).failureReason == failure)

        disk.free()
        #expect(try await LiveWorld.sync(scene.village).agreed)
        let log = try #require(saved.first).reference.log
        let first = try #require(saved.first).reference.sequence
        #expect(
            try scene.hub.store.lines(log, from: first, through: first + Int64(saved.count) - 1) == saved.map(\.bytes))
    }
}
