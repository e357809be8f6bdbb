import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// Records carried on a stick, between real nodes that have no line at all.
@Suite struct `A bundle` {
    private let centre: TestNode
    private let hub: TestNode
    private let village: TestNode
    private let sibling: TestNode
    private let stick: TestFolder
    private static let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"

    init() throws {
        centre = try TestNode.centre()
        hub = try centre.child("hub-serang", region: "36.04", role: .hub)
        village = try hub.child("lontar-a", region: "36.04.13.2007", role: .village)
        sibling = try hub.child("lontar-b", region: "36.04.13.2007", role: .village)
        try hub.carry(to: village)
        stick = try TestFolder("stick")
    }

    private func visit(_ note: String, at node: TestNode? = nil) throws {
        try (node ?? village).record(
            "visit.recorded", subject: "11c9df64-db34-4c56-8821-715253ba1111",
            [
                "household_id": "11c9df64-db34-4c56-8821-715253ba1111", "purpose": "routine", "channel": "home",
                "started_at": "2026-08-14T09:30:00+07:00", "met": "met", "note": .string(note),
            ], role: "community_organizer")
    }

    private func register() throws {
        try village.record(
            "person.registered", subject: Self.person,
            [
                "full_name": "Rohmah Wulandari", "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "household_id": "11c9df64-db34-4c56-8821-715253ba1111",
                "lawful_basis": "public_task", "source": "home",
            ], role: "community_organizer")
    }

    @discardableResult
    private func export(
        _ node: TestNode, to recipient: String, _ name: String, _ start: BundleExport.Start = .receipted,
        budget: Int64 = 1 << 30
    ) throws -> BundleWriter.Tally {
        try BundleExport(node: node.node).write(
            to: path(name), for: try NodeName(recipient), start: start, budget: budget)
    }

    private func path(_ name: String) -> String { stick.path + "/" + name }

    private func size(_ log: LogName, at node: TestNode) throws -> Int64 {
        try node.node.store.logs().first { $0.log == log }?.size ?? 0
    }

    /// Lines of the village's own log that a bundle carries.
    private func ownLines(_ name: String) throws -> Int {
        let log = try own
        var count = 0
        let reader = try BundleReader(onItem: {
            if case .lines(let frame) = $0, frame.log == log { count += frame.count }
        })
        try reader.feed(try Data(contentsOf: URL(filePath: path(name))))
        _ = try reader.finish()
        return count
    }

    private var own: LogName {
        get throws { try #require(try village.node.store.logs().first { $0.log.node == village.node.own.node }?.log) }
    }

    @Test func `carries records up and receipts back`() throws {
        try register()
        for number in 1...30 { try visit("Catatan \(number)") }
        try export(village, to: "hub-serang", "up.simpul")
        #expect(try ownLines("up.simpul") == 31)
        let taken = try BundleImport(node: hub.node).apply(path("up.simpul"))
        #expect(taken.added == 31)
        #expect(taken.refused.isEmpty)
        #expect(try size(own, at: hub) == 31)

        let whole = try BundleImport(node: hub.node).whole(path("up.simpul"))
        try export(hub, to: "lontar-a", "down.simpul", .answering(whole))
        let back = try BundleImport(node: village.node).apply(path("down.simpul"))
        #expect(back.added == 0)
        #expect(back.receipts >= 1)
        let held = try village.node.store.receipts(of: own).first { $0.holder == hub.node.own.node && $0.kind == .held }
        #expect(held?.size == 31)
        // What is receipted is not carried again.
        try export(village, to: "hub-serang", "later.simpul")
        #expect(try ownLines("later.simpul") == 0)
    }

    @Test func `exporting counts as nothing`() throws {
        try visit("Satu")
        let before = try village.node.store.digest(scope: village.node.own.region)
        try export(village, to: "hub-serang", "a.simpul")
        try export(village, to: "hub-serang", "b.simpul")
        #expect(try ownLines("a.simpul") == 1)
        #expect(try ownLines("b.simpul") == 1)
        let after = try village.node.store.digest(scope: village.node.own.region)
        #expect(before.counter == after.counter)
        #expect(try village.node.store.receipts(of: own).isEmpty)
    }

    @Test func `taken twice does nothing the second time`() throws {
        try visit("Satu")
        try export(village, to: "hub-serang", "a.simpul")
        _ = try BundleImport(node: hub.node).apply(path("a.simpul"))
        let counter = try hub.node.store.logs()
        let again = try BundleImport(node: hub.node).apply(path("a.simpul"))
        #expect(again.added == 0)
        #expect(again.refused.isEmpty)
        #expect(try hub.node.store.logs() == counter)
    }

    @Test func `carries every history of a log, and only what is missing of it`() throws {
        var first = try Author(as: village.node, lane: "bulk")
        first.write(9)
        var second = first.restored(to: 4)
        second.write(3) { "again \($0)" }
        for frame in [try first.frame(0, 9), try second.frame(0, 7)] {
            _ = try hub.node.store.commit(frame, scope: village.node.own.region, stating: true)
        }
        try export(hub, to: "lontar-b", "both.simpul")
        let taken = try BundleImport(node: sibling.node).apply(path("both.simpul"))
        #expect(taken.refused.isEmpty && taken.logs[first.log] == 12)
        #expect(
            Set(try sibling.node.store.heads(first.log).map(\.row))
                == Set(try hub.node.store.heads(first.log).map(\.row)))
        // What comes later goes on from there, on each.
        first.write(1)
        second.write(2) { "later \($0)" }
        for frame in [try first.frame(9, 10), try second.frame(7, 9)] {
            _ = try hub.node.store.commit(frame, scope: village.node.own.region, stating: true)
        }
        try export(sibling, to: "hub-serang", "holds.simpul")
        let whole = try BundleImport(node: hub.node).whole(path("holds.simpul"))
        try export(hub, to: "lontar-b", "more.simpul", .answering(whole))
        #expect(try BundleImport(node: sibling.node).apply(path("more.simpul")).logs[first.log] == 3)
        #expect(try sibling.node.store.heads(first.log).count == 2)
        #expect(try sibling.node.store.audit().isSound)
    }

    @Test func `altered in any byte it is refused, and nothing of it is taken`() throws {
        try register()
        for number in 1...5 { try visit("Catatan \(number)") }
        try export(village, to: "hub-serang", "good.simpul")
        let good = try Data(contentsOf: URL(filePath: path("good.simpul")))
        let before = try hub.node.store.logs()
        let digest = try BundleImport(node: hub.node).whole(path("good.simpul")).digest
        var refused = 0
        for place in stride(from: 0, to: good.count, by: 7) {
            var bad = good
            bad[place] ^= 0x10
            try bad.write(to: URL(filePath: path("bad.simpul")))
            // A bit that the compression does not use decodes to the same bundle.
            if (try? BundleImport(node: hub.node).whole(path("bad.simpul")))?.digest == digest { continue }
            #expect(throws: NodeError.self, "byte \(place)") {
                try BundleImport(node: hub.node).apply(path("bad.simpul"))
            }
            refused += 1
        }
        #expect(refused > good.count / 8)
        #expect(try hub.node.store.logs() == before)
    }

    @Test func `cut off it is refused, or taken as far as it is whole`() throws {
        try register()
        for number in 1...5 { try visit("Catatan \(number)") }
        try export(village, to: "hub-serang", "good.simpul")
        let good = try Data(contentsOf: URL(filePath: path("good.simpul")))
        let before = try hub.node.store.logs()
        for length in stride(from: 0, to: good.count - 1, by: 11) {
            try good.prefix(length).write(to: URL(filePath: path("cut.simpul")))
            #expect(throws: NodeError.self) { try BundleImport(node: hub.node).apply(path("cut.simpul")) }
        }
        #expect(try hub.node.store.logs() == before)
        try good.dropLast().write(to: URL(filePath: path("cut.simpul")))
        let taken = try BundleImport(node: hub.node).apply(path("cut.simpul"), partial: true)
        #expect(taken.added == 6)
        #expect(taken.keys == 0, "keys are taken under the seal only")
        #expect(!taken.summary.isWhole)
        #expect(try BundleImport(node: hub.node).apply(path("good.simpul")).keys > 0)
    }

    @Test func `lines that continue what is not here wait, and hold up nothing else`() throws {
        // The centre knows the village, and has none of its lines.
        try hub.carry(to: centre)
        try visit("Satu")
        try export(village, to: "hub-serang", "first.simpul", .everything)
        let holds = try BundleImport(node: hub.node).whole(path("first.simpul"))
        // The hub says by a bundle that it holds the first line; what the village answers continues from there.
        _ = try BundleImport(node: hub.node).apply(path("first.simpul"))
        try export(hub, to: "lontar-a", "down.simpul", .answering(holds))
        let answer = try BundleImport(node: village.node).whole(path("down.simpul"))
        try visit("Dua")
        try export(village, to: "hub-serang", "second.simpul", .answering(answer))
        let late = try BundleImport(node: centre.node).apply(path("second.simpul"))
        let log = try own
        #expect(late.refused[log]?.code == .gap)
        #expect(late.lacksEarlier)
        // With what was missing it fits.
        try hub.carry(to: centre)
        let again = try BundleImport(node: centre.node).apply(path("second.simpul"))
        #expect(again.refused.isEmpty, "\(again.refused)")
        #expect(try size(own, at: centre) == 2)
    }

    @Test func `of another centre's village it is refused`() throws {
        let foreign = try TestNode.centre("lain").child("hub-lain", region: "36.04", role: .hub)
        let stranger = try foreign.child("desa-lain", region: "36.04.13.2007", role: .village)
        try visit("Satu", at: stranger)
        _ = try BundleExport(node: stranger.node).write(
            to: path("foreign.simpul"), for: try NodeName("hub-lain"), start: .everything, budget: 1 << 30)
        #expect {
            try BundleImport(node: hub.node).apply(path("foreign.simpul"))
        } throws: { ($0 as? NodeError)?.kind == .notTrusted && "\($0)".contains("desa-lain") }
    }

    @Test func `a laptop without a line gets its sibling's records and keys`() throws {
        try register()
        try export(village, to: "lontar-b", "sibling.simpul", .everything)
        // The hub told both laptops of each other.
        try hub.carry(to: sibling)
        let taken = try BundleImport(node: sibling.node).apply(path("sibling.simpul"))
        #expect(taken.added >= 1)
        #expect(try size(own, at: sibling) == 1)
    }

    @Test func `holds nothing outside of the recipient's scope`() throws {
        let other = try hub.child("anyer-a", region: "36.04.20.2001", role: .village)
        try hub.carry(to: village)
        try register()
        try visit("Rahasia")
        try export(village, to: "anyer-a", "neighbour.simpul", .everything)
        var logs: Set<LogName> = []
        let reader = try BundleReader(onItem: {
            if case .lines(let frame) = $0 { logs.insert(frame.log) }
            if case .share = $0 { Issue.record("a key share left the village") }
        })
        try reader.feed(try Data(contentsOf: URL(filePath: path("neighbour.simpul"))))
        _ = try reader.finish()
        #expect(logs.allSatisfy { $0.inScope(of: other.node.own.region) })
        let log = try own
        #expect(!logs.contains(log))
    }

    @Test func `a part of it, as large as asked, is followed by the rest`() throws {
        for number in 1...400 { try visit("Catatan \(number) " + String(repeating: "x", count: 500)) }
        let part = try export(village, to: "hub-serang", "one.simpul", budget: 100_000)
        #expect(part.isPart)
        let first = try ownLines("one.simpul")
        #expect(first > 0 && first < 400)
        _ = try BundleImport(node: hub.node).apply(path("one.simpul"))
        let one = try BundleImport(node: hub.node).whole(path("one.simpul"))
        try export(hub, to: "lontar-a", "down.simpul", .answering(one))
        _ = try BundleImport(node: village.node).apply(path("down.simpul"))
        try export(village, to: "hub-serang", "two.simpul")
        #expect(try ownLines("two.simpul") == 400 - first)
        _ = try BundleImport(node: hub.node).apply(path("two.simpul"))
        #expect(try size(own, at: hub) == 400)
    }

    @Test func `receipts that are older than what is known say nothing`() throws {
        try visit("Satu")
        try export(village, to: "hub-serang", "up.simpul")
        _ = try BundleImport(node: hub.node).apply(path("up.simpul"))
        try export(hub, to: "lontar-a", "old.simpul", .everything)
        try visit("Dua")
        try village.carry(to: hub)
        try hub.carry(to: village)
        _ = try BundleImport(node: village.node).apply(path("old.simpul"))
        let held = try village.node.store.receipts(of: own).first { $0.holder == hub.node.own.node && $0.kind == .held }
        #expect(held?.size == 2)
        #expect(try village.node.store.alarms().isEmpty)
    }

    @Test func `does not overwrite a file, and leaves none behind when it fails`() throws {
        try visit("Satu")
        try export(village, to: "hub-serang", "a.simpul")
        #expect { try export(village, to: "hub-serang", "a.simpul") } throws: { ($0 as? NodeError)?.kind == .exists }
        #expect { try export(village, to: "tidak-ada", "b.simpul") } throws: { ($0 as? NodeError)?.kind == .badInput }
        #expect(!FileManager.default.fileExists(atPath: path("b.simpul")))
        #expect(!FileManager.default.fileExists(atPath: path("b.simpul.part")))
    }
}
