import Catalogue
import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing
import Transport

/// A call for help over a line that hardly carries anything, with a month of work waiting before it.
@Suite(.timeLimit(.minutes(5))) struct `A rapid-response request` {
    /// A month of the busiest villages of the workload (6,200 events a year), by kind as visits bring them.
    private static let month: [(type: String, count: Int)] = [
        ("visit.recorded", 202), ("information.provided", 91), ("contact.checked", 91), ("household.profiled", 61),
        ("document.checked", 51), ("risk.screened", 24),
    ]
    /// Where the line breaks each time, in bytes up.
    private static let carried = 8_000

    private static func recordMonth(_ village: Node) throws -> [AppendedLine] {
        try village.recorder.record(
            try month.flatMap { type, count in
                let kind = try #require(village.catalogue.types[type])
                // Of visits what is said at the door, about a household; of persons only facts, so that nobody has to be
                // asked for consent.
                let example =
                    type == "visit.recorded"
                    ? kind.example.setting("person_ids", to: nil) : kind.split(kind.example).plain
                return (0..<count).map { _ in
                    Draft(
                        type: type, subject: UUID().uuidString.lowercased(), data: example, actor: "a-976e3d16",
                        role: "community_organizer")
                }
            })
    }

    /// Whether the hub has stated to hold a line.
    private static func isReceipted(_ line: AppendedLine, _ village: Node, _ hub: Node) throws -> Bool {
        try village.store.receipts(of: line.reference.log).contains {
            $0.kind == .held && $0.holder == hub.own.node && $0.size > line.reference.sequence
        }
    }

    @Test func `is at the hub after a few kilobytes, before a month of backlog, over a line cut every 8 kB`()
        async throws
    {
        let scene = try await SyncScene()
        let relay = try Relay(to: scene.server.port)
        let village = try Node.moved(scene.village, to: relay.url)
        let backlog = try Self.recordMonth(village)
        #expect(backlog.count == 520)
        // The line breaks until the backlog has begun to arrive.
        for _ in 0..<4 { try await Self.syncOverBadLine(village, relay, scene) }
        let before = try Self.held(backlog, scene.hub)
        #expect(before > 0 && before < 100, "\(before) lines of the backlog are there")

        let connections = relay.recorded.up.count
        let request = try village.recordExample("response.requested")
        #expect(request.reference.log.lane == .urgent)
        var tries = 0
        while try !Self.isReceipted(request, village, scene.hub), tries < 40 {
            tries += 1
            try await Self.syncOverBadLine(village, relay, scene)
        }
        #expect(try Self.isReceipted(request, village, scene.hub))

        let up = Array(relay.recorded.up[connections...])
        let bytes = try Self.bytes(upTo: request.reference.log, in: up)
        let held = try Self.held(backlog, scene.hub)
        #expect(held < 200, "\(held) of 520 lines of backlog went before it or with it")
        #expect(bytes < 4_096, "\(bytes) bytes up, headers included, over \(up.count) connections")

        // And nothing of the month is lost for that.
        relay.cut()
        try await scene.untilFree(village)
        #expect(try await LiveWorld.sync(village).agreed)
        #expect(try Self.held(backlog, scene.hub) == 520)
    }

    /// Lines of the month that the hub holds.
    private static func held(_ backlog: [AppendedLine], _ hub: Node) throws -> Int {
        let sizes = try Dictionary(uniqueKeysWithValues: hub.store.logs().map { ($0.log, $0.size) })
        return backlog.count { $0.reference.sequence < sizes[$0.reference.log] ?? 0 }
    }

    private static func syncOverBadLine(_ village: Node, _ relay: Relay, _ scene: SyncScene) async throws {
        relay.cutEach(upAfter: carried)
        try await scene.untilFree(village)
        do { _ = try await LiveWorld.sync(village) } catch is TransportError {}
    }

    /// Bytes that went up until the last byte of the first frame of `log`, HTTP headers included.
    private static func bytes(upTo log: LogName, in connections: [[UInt8]]) throws -> Int {
        var total = 0
        for connection in connections {
            let reader = try FrameReader()
            // Chunk by chunk as HTTP carries them: the client writes each frame as one.
            for (end, chunk) in chunks(connection) {
                try reader.feed(chunk)
                while let frame = try reader.next() {
                    if case .lines(let lines) = frame, lines.log == log { return total + end }
                }
            }
            total += connection.count
        }
        throw CocoaError(.coderValueNotFound)
    }

    /// The chunks of the bodies in what a connection carried, and where each ends.
    private static func chunks(_ bytes: [UInt8]) -> [(end: Int, bytes: ArraySlice<UInt8>)] {
        var found: [(end: Int, bytes: ArraySlice<UInt8>)] = []
        var rest = bytes[...]
        func line() -> String? {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        var isBody = false
        while let text = line() {
            if !isBody {
                isBody = text.isEmpty
            } else if let count = Int(text, radix: 16), count > 0, rest.count >= count {
                found.append((rest.startIndex + count, rest.prefix(count)))
                rest = rest.dropFirst(count + 2)
            } else {
                isBody = false
            }
        }
        return found
    }
}
