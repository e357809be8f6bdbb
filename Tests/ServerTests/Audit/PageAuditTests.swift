import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit
import Testing

@testable import Node

@Suite struct `Readings of personal data on pages` {
    @Test func `a page that shows a name leaves one line without it, and looking again leaves no other`() async throws {
        let world = try PageWorld.village()
        let node = world.node.node
        try await world.run { browser in
            let page = try await Journeys.register(browser, "Rohmah Wulandari")
            let person = String(page.path.split(separator: "/").last?.prefix { $0 != "?" } ?? "")
            let before = try Self.lines(node)
            for _ in 0..<3 {
                #expect(try await browser.get("/orang/\(person)").contains("Rohmah Wulandari"))
            }
            let lines = try Self.lines(node)
            #expect(lines.count - before.count <= 1)
            _ = try node.project()
            let readings = try node.readings(of: person)
            #expect(readings.rows.contains { $0.contains("/orang") })
            #expect(readings[0, "reader_role"] == "community_organizer")
            #expect(readings[0, "purpose"] == "protection")
            #expect(!lines.contains { $0.contains("Rohmah") })
            #expect(lines.contains { $0.contains(person) })
        }
    }

    @Test func `a page about nobody leaves none`() async throws {
        let world = try PageWorld.village()
        try await world.run { browser in
            _ = try await browser.get("/")
            _ = try await browser.get("/izin")
            #expect(try Self.lines(world.node.node).isEmpty)
        }
    }

    /// The lines of the lane `audit`, as text.
    private static func lines(_ node: Node) throws -> [String] {
        try node.store.logs().filter { $0.log.lane == .audit }.flatMap { row in
            try (0..<row.size).compactMap { try node.store.line(row.log, $0) }
        }.map { String(decoding: $0, as: UTF8.self) }
    }
}
