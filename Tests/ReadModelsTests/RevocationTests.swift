import Event
import Foundation
import Testing

@testable import ReadModels

/// Lines past the size at which their key was revoked: kept, listed, not counted, whatever came first.
@Suite struct RevocationTests {
    private let village = "lontar-a/36.04.13.2007:main/00000000000000a1"
    private let hub = "hub-serang/36.04:main/00000000000000b1"
    private let centre = "pusat/id:main/00000000000000c1"

    private func visit(_ log: LogWriter, _ number: Int, dedupe: String? = nil) throws -> LineReference {
        let id = "11111111-1111-4111-8111-00000000000\(number)"
        return try log.add(
            "visit.recorded", subject: id,
            data: [
                "household_id": .string(id), "purpose": "routine", "channel": "home",
                "started_at": "2026-07-10T09:00:00+07:00", "met": "met",
            ], dedupe: dedupe)
    }

    @discardableResult
    private func revoke(_ target: LogWriter, _ sizes: JSON?, by log: LogWriter) throws -> LineReference {
        var data: JSON = [
            "node": .string(target.log.node.description), "epoch": .string(target.log.epoch.description),
            "reason": "compromised", "at": "2026-07-15T09:00:00+07:00",
        ]
        if let sizes { data = data.setting("sizes", to: sizes) }
        return try log.add("node.revoked", subject: target.log.node.description, data: data)
    }

    private func at(_ size: Int64, _ log: LogWriter) -> JSON {
        .array([["log": .string(log.log.description), "size": .int(size)]])
    }

    /// Engines that took the same lines in, in different orders and batches.
    private func engines(_ folder: TestFolder, _ logs: [LogWriter]) throws -> [ModelEngine] {
        try (0..<6).map { index in
            var dice = SeededGenerator(seed: UInt64(index))
            var next = logs.map { _ in 0 }
            var runs: [(log: LogName, first: Int64, lines: [[UInt8]])] = []
            while let which = logs.indices.filter({ next[$0] < logs[$0].lines.count }).randomElement(using: &dice) {
                runs.append((logs[which].log, Int64(next[which]), [logs[which].lines[next[which]]]))
                next[which] += 1
            }
            if index == 0 { runs = logs.flatMap { log in [(log.log, Int64(0), log.lines)] } }
            if index == 1 { runs = logs.reversed().flatMap { log in [(log.log, Int64(0), log.lines)] } }
            let engine = try folder.engine(batchLines: [64, 64, 1, 2, 3, 5][index], name: "\(index).db")
            _ = try engine.advance(from: ArrayIntake(runs))
            return engine
        }
    }

    private func visited(_ engine: ModelEngine, asOf: AsOf = .now) throws -> Int {
        let today = try #require(LocalDay("2026-08-01"))
        return try engine.reader.query(
            ModelQuery("household_visits", asOf: asOf, scope: .nation, reader: .holder, today: today)
        ).rows.count
    }

    private func quarantined(_ engine: ModelEngine) throws -> [String] {
        try engine.reader.parked().filter { $0.reason == .quarantined }.map { "\($0.log)#\($0.sequence)" }.sorted()
    }

    @Test func `are kept and listed with their reason, in any order of arrival`() throws {
        let (writer, office) = (try LogWriter(village), try LogWriter(hub))
        for number in 0..<5 { _ = try visit(writer, number) }
        try revoke(writer, at(3, writer), by: office)
        let folder = try TestFolder()
        let engines = try engines(folder, [writer, office])
        let digests = try engines[0].reader.digests()
        for engine in engines {
            #expect(try visited(engine) == 3)
            #expect(try quarantined(engine) == ["\(village)#3", "\(village)#4"])
            #expect(try engine.reader.digests() == digests)
            #expect(
                try engine.reader.counted(writer.log).exceptions
                    == [CountedLog.Exception(first: 3, last: 4, reason: .quarantined)])
        }
    }

    @Test func `of a log that is not named none counts, and without sizes all do`() throws {
        let (writer, urgent) = (
            try LogWriter(village), try LogWriter(village.replacingOccurrences(of: "main", with: "urgent"))
        )
        _ = try visit(writer, 0)
        _ = try visit(urgent, 1)
        let (strict, mild) = (try LogWriter(hub), try LogWriter(hub))
        try revoke(writer, at(1, writer), by: strict)
        try revoke(writer, nil, by: mild)
        let (first, second) = (try TestFolder(), try TestFolder())
        for engine in try engines(first, [writer, urgent, strict]) {
            #expect(try visited(engine) == 1)
            #expect(try quarantined(engine) == ["\(urgent.log)#0"])
        }
        for engine in try engines(second, [writer, urgent, mild]) { #expect(try visited(engine) == 2) }
    }

    @Test func `come back when the revocation is corrected or taken back`() throws {
        let (writer, office) = (try LogWriter(village), try LogWriter(hub))
        for number in 0..<4 { _ = try visit(writer, number) }
        let revocation = try revoke(writer, at(1, writer), by: office)
        try office.correct(revocation, patch: .object([JSONMember("sizes", at(3, writer))]))
        let folder = try TestFolder()
        for engine in try engines(folder, [writer, office]) {
            #expect(try visited(engine) == 3)
            #expect(try quarantined(engine) == ["\(village)#3"])
        }
        try office.retract(revocation)
        let later = try TestFolder()
        for engine in try engines(later, [writer, office]) {
            #expect(try visited(engine) == 4)
            #expect(try quarantined(engine).isEmpty)
        }
    }

    @Test func `counted before the revocation was known, as asked for then`() throws {
        let (writer, office) = (try LogWriter(village), try LogWriter(hub))
        for number in 0..<3 { _ = try visit(writer, number) }
        try revoke(writer, at(1, writer), by: office)
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: ArrayIntake([(writer.log, 0, writer.lines), (office.log, 0, office.lines)]))
        #expect(try visited(engine, asOf: AsOf(cut: 1)) == 3)
        #expect(try visited(engine) == 1)
    }

    @Test func `correct and retract nothing`() throws {
        let (writer, office) = (try LogWriter(village), try LogWriter(hub))
        let (kept, other) = (try visit(writer, 0), try visit(writer, 1))
        try writer.retract(kept)
        try writer.correct(other, patch: ["purpose": "first_contact"])
        try revoke(writer, at(2, writer), by: office)
        let folder = try TestFolder()
        for engine in try engines(folder, [writer, office]) {
            #expect(try visited(engine) == 2)
            #expect(try quarantined(engine) == ["\(village)#2", "\(village)#3"])
        }
    }

    @Test func `leave their place to another line with the same key`() throws {
        let (writer, sibling, office) = (
            try LogWriter(village), try LogWriter("lontar-b/36.04.13.2007:main/00000000000000a2"), try LogWriter(hub)
        )
        _ = try visit(writer, 1, dedupe: "row-7")
        _ = try visit(sibling, 1, dedupe: "row-7")
        try revoke(writer, at(0, writer), by: office)
        let folder = try TestFolder()
        for engine in try engines(folder, [writer, sibling, office]) {
            #expect(try visited(engine) == 1)
            #expect(try engine.reader.outcome(sibling.log, 0) == .counted)
        }
    }

    @Test func `of a hub take its own revocations along`() throws {
        let (writer, office, top) = (try LogWriter(village), try LogWriter(hub), try LogWriter(centre))
        for number in 0..<3 { _ = try visit(writer, number) }
        try revoke(writer, at(0, writer), by: office)
        try revoke(office, at(0, office), by: top)
        let folder = try TestFolder()
        for engine in try engines(folder, [writer, office, top]) {
            #expect(try visited(engine) == 3)
            #expect(try quarantined(engine) == ["\(hub)#0"])
        }
    }

    @Test func `are none where the one who revoked may not`() throws {
        let writer = try LogWriter(village)
        for number in 0..<2 { _ = try visit(writer, number) }
        let others = [
            // A sibling, a hub elsewhere, a node of the same region.
            "lontar-b/36.04.13.2007:main/00000000000000a2", "hub-lebak/36.02:main/00000000000000b2",
        ]
        for name in others {
            let other = try LogWriter(name)
            try revoke(writer, at(0, writer), by: other)
            let folder = try TestFolder()
            for engine in try engines(folder, [writer, other]) { #expect(try visited(engine) == 2) }
        }
        let (left, right) = (try LogWriter(hub), try LogWriter("hub-b/36.04:main/00000000000000b3"))
        try revoke(right, at(0, right), by: left)
        try revoke(left, at(0, left), by: right)
        let folder = try TestFolder()
        for engine in try engines(folder, [left, right]) { #expect(try quarantined(engine).isEmpty) }
    }
}
