import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Node

/// A laptop that was lost: its replacement gets the persons it needs ahead of the logs (`protocol/04-session.md`).
@Suite struct `Early lines` {
    private let hub: TestNode
    private let year: VillageYear
    private let replacement: TestNode
    private static let region = "36.04.13.2007"

    /// A hub with a year of a village whose laptop was lost: made once, copied for each test.
    private static let made = Result { () -> (folder: TestFolder, year: VillageYear, clock: SteppedClock) in
        let clock = SteppedClock(Date(timeIntervalSince1970: 1_755_000_000))
        let now = clock.now
        let hub = try TestNode.centre(now: now).child("hub-serang", region: "36.04", role: .hub, now: now)
        let lost = try hub.child("lontar-a", region: region, role: .village, now: now)
        let year = try VillageYear(lost.node, .small, clock: clock)
        try lost.carry(to: hub)
        try hub.node.project()
        try hub.node.revoke(node: lost.node.own.node, epoch: lost.node.own.epoch, reason: "lost")
        try hub.node.project()
        try hub.node.close()
        return (try hub.copy(), year, clock)
    }

    init() throws {
        let made = try Self.made.get()
        year = made.year
        let copy = try TestFolder("hub")
        try FileManager.default.removeItem(atPath: copy.path)
        try FileManager.default.copyItem(atPath: made.folder.path, toPath: copy.path)
        hub = try TestNode(copied: copy, now: made.clock.now)
        replacement = try hub.child("lontar-b", region: Self.region, role: .village, empty: true, now: made.clock.now)
    }

    private func makeLink() -> NodeLink { NodeLink(replacement.node, hub.node) }
    private var store: LogStore { replacement.node.store }

    /// Names that the village's board and its persons' pages show of those whom `ids` names.
    private func shown(_ ids: Set<String>) throws -> Set<String> {
        try replacement.node.project()
        let desk = Desk(node: replacement.node)
        try desk.refresh()
        return Set(ids.filter { desk.people.card($0)?.name == year.names[$0] })
    }

    private func board() throws -> Set<String> {
        try replacement.node.project()
        return Set(try Desk(node: replacement.node).board(for: .holder).cases.compactMap(\.person))
    }

    /// Rows of all read models, and of the same made anew.
    private func checkModels() throws {
        try replacement.node.project()
        let kept = try replacement.node.modelReader.digests()
        _ = try replacement.node.rebuild()
        #expect(try replacement.node.modelReader.digests() == kept)
    }

    @Test func `show those in danger and with an open case, with names, before a line of the log is here`() throws {
        let link = makeLink()
        var heldThen: Int64?
        link.onAnswer = {
            guard heldThen == nil, link.earlyCame.count > 0, try shown(year.withCase) == year.withCase else { return }
            heldThen = try store.logs().filter { $0.log.node.description == "lontar-a" }.reduce(0) { $0 + $1.size }
        }
        // Names are opened when keys are; the session itself does that at its end.
        link.onDown = { frame in
            try replacement.node.settle()
            return frame
        }
        try link.sync()
        #expect(heldThen == 0)
        #expect(try board() == year.withCase)
        #expect(try shown(Set(year.names.keys)) == Set(year.names.keys), "and the rest comes too")
    }

    @Test func `come with the persons in danger first, then those with a case`() throws {
        let link = makeLink()
        try link.sync(cut: 60_000, requests: 1)
        let subjects = try link.earlyCame.map { try #require(try hub.node.store.line(LineReference($0))) }
            .map { try EventLine(parsing: $0) }.filter { $0.type == "person.registered" }.map(\.subject)
        let dangers = year.endangered.count
        #expect(Set(subjects.prefix(dangers)) == year.endangered)
        #expect(
            Set(subjects.dropFirst(dangers).prefix(year.withCase.count - dangers))
                == year.withCase.subtracting(year.endangered))
    }

    @Test func `are in no head, digest, receipt or bundle, and no frame is made of them`() throws {
        let (table, digest) = (
            try store.table(scope: replacement.node.own.region, changedSince: nil),
            try store.digest(scope: replacement.node.own.region).table
        )
        let link = makeLink()
        var largest = 0
        while link.earlyCame.isEmpty, largest < 100_000 {
            largest += 8_000
            try link.sync(cut: largest, requests: 1)
        }
        #expect(!link.earlyCame.isEmpty)
        #expect(try store.logs().allSatisfy { $0.log.node.description != "lontar-a" })
        #expect(Set(try store.table(scope: replacement.node.own.region, changedSince: nil)) == Set(table))
        #expect(try store.digest(scope: replacement.node.own.region).table == digest)
        #expect(try store.digest(scope: RegionCode("id")).table == digest)
        for place in try link.earlyCame.map({ try LineReference($0) }) {
            #expect(try store.line(place) != nil)
            #expect(try store.heads(place.log).isEmpty)
            #expect(try store.frame(place.log, from: place.sequence, maxBytes: 1 << 20) == nil)
            #expect(try store.receipts(of: place.log).isEmpty)
        }
        let file = replacement.folder.file("stick")
        _ = try BundleExport(node: replacement.node)
            .write(to: file, for: hub.node.own.node, start: .everything, budget: 1 << 30)
        let reader = try FrameReader(limit: Int.max)
        try reader.feed([UInt8](Data(contentsOf: URL(filePath: file))))
        while let frame = try reader.next() {
            guard case .lines(let lines) = frame else { continue }
            #expect(lines.log.node.description != "lontar-a")
        }
    }

    @Test func `go on after a cut where it broke off`() throws {
        let link = makeLink()
        for _ in 0..<6 { try link.sync(cut: 12_000, requests: 1) }
        let came = link.earlyCame
        #expect(came.count > 40)
        #expect(Set(came).count == came.count, "none came twice")
        try link.sync()
        #expect(try shown(Set(year.names.keys)).count == year.names.count)
    }

    @Test func `are followed by the rest, keys too, over a line that is cut every few kilobytes`() throws {
        let link = makeLink()
        link.requestBytes = 16 << 10
        var tries = 0
        while tries < 300,
            try store.digest(scope: replacement.node.own.region).table
                != hub.node.store.digest(scope: replacement.node.own.region).table
                || shown(Set(year.names.keys)).count < year.names.count
        {
            tries += 1
            try link.sync(cut: 6_000, requests: 1)
        }
        #expect(tries < 300, "\(tries) requests, \(link.down) bytes")
        try checkModels()
    }

    @Test func `give way to the log, and read models, audit and rebuild are as if they had not been`() throws {
        let link = makeLink()
        for _ in 0..<3 { try link.sync(cut: 12_000, requests: 1) }
        try checkModels()
        let session = try link.sync()
        #expect(session.refusals.isEmpty, "\(session.refusals)")
        #expect(try store.earlyHeld().have.isEmpty)
        #expect(try store.earlyHeld().bytes == 0)
        #expect(try !store.alarms().contains { $0.kind.hasPrefix("early") })
        #expect(try store.audit { _, _ in }.findings.isEmpty)
        try checkModels()

        let plain = try hub.child(
            "lontar-c", region: Self.region, role: .village, empty: true, now: replacement.node.now)
        let other = NodeLink(plain.node, hub.node)
        other.earlyBytes = 0
        try other.sync()
        #expect(other.earlyCame.isEmpty, "they are not sent to who does not ask")
        try NodeLink(replacement.node, hub.node).sync()
        try plain.node.project()
        try replacement.node.project()
        let (with, without) = (try replacement.node.modelReader.digests(), try plain.node.modelReader.digests())
        #expect(with == without, "\(with.filter { without[$0.key] != $0.value }.keys.sorted())")
    }

    @Test func `can be corrected before their log is here`() throws {
        let link = makeLink()
        try link.sync(cut: 30_000, requests: 1)
        let line = try #require(
            try link.earlyCame.map { try LineReference($0) }.first {
                try store.line($0).map { try EventLine(parsing: $0).type } == "person.registered"
            })
        let person = try EventLine(parsing: try #require(try store.line(line))).subject
        try replacement.record(
            "record.corrected",
            ["target": .string(line.description), "reason": "typo", "patch": ["full_name": "Rohmah Baru"]],
            role: "community_organizer")
        let desk = Desk(node: replacement.node)
        try desk.refresh()
        #expect(desk.people.card(person)?.name == "Rohmah Baru")
        try link.sync()
        try hub.node.settle()
        let atHub = Desk(node: hub.node)
        try atHub.refresh()
        #expect(atHub.people.card(person)?.name == "Rohmah Baru")
        try checkModels()
    }

    @Test func `of a hub that showed another line than the log has raise an alarm that names it, and nothing is lost`()
        throws
    {
        let link = makeLink()
        var forged: LineReference?
        link.onDown = { frame in
            guard case .control(var records) = frame, forged == nil,
                let index = records.firstIndex(where: { $0["line"]?.stringValue?.contains("case.opened") == true }),
                let place = records[index]["early"]?.stringValue.flatMap({ try? LineReference($0) }),
                let text = records[index]["line"]?.stringValue
            else { return frame }
            let bytes = Array(text.replacing("\"immediate_danger\":true", with: "\"immediate_danger\":false").utf8)
            let other = try LineReference(
                log: place.log, sequence: place.sequence, leafHash: LogStore.leafHash(of: bytes))
            forged = place
            records[index] = EarlyLine(reference: other, bytes: bytes).json
            return .control(records)
        }
        try link.sync(cut: 40_000, requests: 1)
        let place = try #require(forged)
        try replacement.node.project()
        let desk = Desk(node: replacement.node)
        try desk.refresh()
        try link.sync()
        let alarm = try #require(try store.alarms().first { $0.kind == "early-differs" })
        #expect(alarm.detail.contains("hub-serang") && alarm.detail.contains("#\(place.sequence)"))
        #expect(try store.line(place.log, place.sequence) == hub.node.store.line(place.log, place.sequence))
        try desk.refresh()
        try checkModels()
        try hub.node.project()
        #expect(try board() == year.withCase)
        #expect(try desk.board(for: .holder).cases.filter(\.isDangerous).count == year.endangered.count)
    }

    @Test func `of an erased person never come, and an order that comes later leaves none of them in the file`() throws
    {
        let link = makeLink()
        let erased = try #require(year.names.keys.sorted().first { !year.withCase.contains($0) })
        try hub.node.order(
            try hub.node.planErasure(of: erased), reason: "request", actor: "dpo-1", role: "dpo")
        try link.sync(cut: 25_000, requests: 1)
        #expect(link.earlyCame.count > 40)
        for reference in link.earlyCame {
            let line = try #require(try hub.node.store.line(LineReference(reference)))
            #expect(try EventLine(parsing: line).subject != erased)
        }
        // Another, whose lines are here already.
        let held = try store.earlyHeld().have
        let subjects = try held.flatMap { log, ranges in
            try ranges.ranges.joined().compactMap { try store.line(log, $0) }.map { try EventLine(parsing: $0) }
        }.filter { $0.type == "person.registered" && !year.withCase.contains($0.subject) }.map(\.subject)
        let later = try #require(subjects.first)
        let order = try hub.node.order(
            try hub.node.planErasure(of: later), reason: "request", actor: "dpo-1", role: "dpo")
        #expect(try !store.earlyLines(about: later).isEmpty)
        // The order comes in a log for the village, before the village's own.
        let log = try #require(order.first).reference.log
        let frame = try #require(try hub.node.store.frame(log, from: 0, maxBytes: 1 << 20))
        _ = try store.commit(frame, scope: replacement.node.own.region, stating: false)
        try replacement.node.settle()
        #expect(try store.earlyLines(about: later).isEmpty)
        let files = try FileManager.default.contentsOfDirectory(atPath: replacement.folder.path)
            .filter { $0.hasPrefix("log.db") }
        for name in files {
            let bytes = try Data(contentsOf: URL(filePath: replacement.folder.file(name)))
            #expect(
                bytes.range(of: Data("\"subject\":\"\(later)\",\"type\":\"person.registered\"".utf8)) == nil, "\(name)")
        }
        try link.sync()
        #expect(try shown([erased, later]).isEmpty)
        try checkModels()
    }

    @Test func `are not sent where little is lacking, nor by a server that does not know of them`() throws {
        let old = makeLink()
        old.isEarlyServer = false
        #expect(try old.sync().refusals.isEmpty)
        #expect(old.earlyCame.isEmpty)
        #expect(try shown(year.withCase) == year.withCase)

        let sibling = try hub.child(
            "lontar-c", region: Self.region, role: .village, empty: true, now: replacement.node.now)
        _ = try sibling.node.recordExamples(20)
        try sibling.carry(to: hub)
        let again = makeLink()
        try again.sync()
        #expect(again.earlyCame.isEmpty)
    }

    @Test func `that nobody asked for, or that would steer the node, are not taken`() throws {
        func event(_ type: String, _ log: LogName) throws -> EarlyLine {
            let time = DateTime(milliseconds: 1_786_700_000_000, offsetMinutes: 420)
            let bytes = try EventLine(
                type: type, version: 1, source: log, sequence: 0, subject: "x", time: time, hybridTime: .zero,
                occurredAt: OccurredAt(time), actor: "a", role: "r", region: RegionCode(Self.region),
                regionEdition: "2025-2430", data: .object([])
            ).encoded()
            return EarlyLine(
                reference: try LineReference(log: log, sequence: 0, leafHash: LogStore.leafHash(of: bytes)),
                bytes: bytes)
        }
        func log(_ text: String) throws -> LogName { try LogName(text) }
        let own = store.signer.log(.region(try RegionCode(Self.region)), lane: try Lane("main"))
        let refused = [
            try event("visit.recorded", own),
            try event("node.revoked", try log("hub-serang/36.04:main/c2056f288da571c7")),
            try event("office.key_published", try log("pusat/id:main/c2056f288da571c7")),
            try event("privacy.erasure_ordered", try log("hub-serang/\(Self.region):main/c2056f288da571c7")),
            try event("visit.recorded", try log("domas-a/36.04.12.2003:main/c2056f288da571c7")),
            try event("visit.recorded", try log("lontar-x/local:intake/c2056f288da571c7")),
        ]
        #expect(try store.save(refused, scope: RegionCode(Self.region), from: NodeName("hub-serang")) == 0)
        let good = try event("visit.recorded", try log("lontar-x/\(Self.region):main/c2056f288da571c7"))
        #expect(try store.save([good, good], scope: RegionCode(Self.region), from: NodeName("hub-serang")) == 1)

        let link = makeLink()
        link.earlyBytes = 0
        link.onDown = { frame in
            guard case .control(let records) = frame, records.contains(where: { $0["state"] != nil }) else {
                return frame
            }
            return .control(
                records + [try event("visit.recorded", try log("lontar-y/\(Self.region):main/c2056f288da571c7")).json])
        }
        try link.sync(requests: 1)
        #expect(try store.earlyHeld().have.keys.contains { $0.node.description == "lontar-y" } == false)
    }

    @Test func `are not needed to record at once`() throws {
        let person = UUID().uuidString.lowercased()
        let lines = try replacement.node.recorder.record(
            VillageYear.registration(of: person, "Rohmah Kanari 100", household: UUID().uuidString.lowercased()))
        #expect(lines.count == 2)
        let desk = Desk(node: replacement.node)
        try desk.refresh()
        #expect(desk.people.card(person)?.name == "Rohmah Kanari 100")
    }
}
