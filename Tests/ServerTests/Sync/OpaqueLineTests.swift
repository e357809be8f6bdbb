import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store
import Sync
import TestKit
import Testing

/// A log takes any bytes that its author signed; a line that cannot be understood is parked where its meaning is read.
@Suite(.timeLimit(.minutes(5))) struct `A line that cannot be understood` {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: String
        let bytes: @Sendable (SyncScene, LogName) throws -> [UInt8]
    }

    /// A line that is well formed, at a place of a log.
    private static func visit(
        _ scene: SyncScene, _ log: LogName, at sequence: Int64, type: String = "visit.recorded", version: Int = 1
    ) throws -> EventLine {
        let time = DateTime(milliseconds: 1_786_700_000_000 + sequence * 1_000, offsetMinutes: 420)
        return EventLine(
            type: type, version: version, source: log, sequence: sequence, subject: UUID().uuidString.lowercased(),
            time: time, hybridTime: HybridTimestamp(milliseconds: time.milliseconds, counter: 0),
            occurredAt: OccurredAt(time), actor: "a-976e3d16", role: "community_organizer",
            region: try RegionCode("36.04.13.2007"), regionEdition: "2025-2430",
            data: try #require(scene.village.catalogue.types["visit.recorded"]?.example))
    }

    private static func text(_ text: String) -> @Sendable (SyncScene, LogName) -> [UInt8] {
        { _, _ in Array(text.utf8) }
    }

    /// Members of a good line said twice, the second time otherwise.
    private static let doubled: @Sendable (SyncScene, LogName) throws -> [UInt8] = { scene, log in
        let good = String(decoding: try visit(scene, log, at: 1).encoded(), as: UTF8.self)
        return Array((good.dropLast() + #","type":"case.closed"}"#).utf8)
    }

    static let cases = [
        Case(testDescription: "a member twice", reason: "malformed", bytes: doubled),
        Case(testDescription: "nested 30,000 deep", reason: "malformed") { _, _ in
            Array((String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000)).utf8)
        },
        Case(testDescription: "bytes that are no UTF-8", reason: "malformed") { scene, log in
            try visit(scene, log, at: 1).encoded().map { $0 == UInt8(ascii: "e") ? 0xff : $0 }
        },
        Case(testDescription: "no JSON at all", reason: "malformed", bytes: text("\u{0}\u{1}\u{2} \"")),
        Case(testDescription: "an exponent", reason: "malformed", bytes: text(#"{"n":1e400}"#)),
        Case(testDescription: "no event", reason: "malformed", bytes: text("{}")),
        Case(testDescription: "65,536 bytes of anything", reason: "malformed") { _, _ in
            [UInt8](repeating: 0xf8, count: 65_536)
        },
        Case(testDescription: "a type from later", reason: "unknown-type") { scene, log in
            try visit(scene, log, at: 1, type: "drone.landed").encoded()
        },
        Case(testDescription: "a version from later", reason: "newer-version") { scene, log in
            try visit(scene, log, at: 1, version: 99).encoded()
        },
    ]

    @Test func `is stored, receipted, carried up as it is, parked with its reason, and the next one counts`()
        async throws
    {
        let scene = try await SyncScene()
        var logs: [(case: Case, author: LogAuthor)] = []
        var request = scene.request
        for one in Self.cases {
            var author = try scene.author()
            author.write(bytes: try Self.visit(scene, author.log, at: 0).encoded())
            author.write(bytes: try one.bytes(scene, author.log))
            author.write(bytes: try Self.visit(scene, author.log, at: 2).encoded())
            try request.add(try author.frame(0, 3))
            logs.append((one, author))
        }
        let answer = try await request.send(to: scene.server)
        #expect(answer.refusals.isEmpty)
        #expect(answer.hasEnd)
        #expect(try await LiveWorld.sync(scene.hub).agreed)
        let centre = scene.world.centre
        _ = try await offPool { try scene.hub.project() + centre.project() }
        // The hub hands the centre's statement down to the village.
        #expect(try await LiveWorld.sync(scene.hub).agreed)
        #expect(try await LiveWorld.sync(scene.village).agreed)

        for (one, author) in logs {
            #expect(answer.held[author.log.description] == 3, "\(one.testDescription)")
            for node in [scene.hub, centre, scene.village] {
                #expect(
                    try node.store.lines(author.log, from: 0, through: 2) == author.lines, "\(one.testDescription)")
            }
            for node in [scene.hub, centre] {
                let counted = try node.modelReader.counted(author.log)
                #expect(counted.size == 3, "\(one.testDescription)")
                let found = counted.exceptions.map { "\($0.first)-\($0.last) \($0.reason.rawValue)" }
                #expect(found == ["1-1 \(one.reason)"], "\(one.testDescription)")
            }
            let stated = try scene.village.store.receipts(of: author.log).filter { $0.kind == .counted }
            #expect(stated.contains { $0.note.contains("except 1-1 \(one.reason)") }, "\(one.testDescription)")
        }
        try await scene.checkGoesOn(scene.village)
    }
}
