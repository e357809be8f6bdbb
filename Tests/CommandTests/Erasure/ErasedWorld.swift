import Event
import Foundation
import Testing

/// A centre, a hub and a village as real processes, and a person whose erasure the hub can order.
final class ErasedWorld {
    static let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    static let name = "Rohmah Kanari"
    private static let household = "11c9df64-db34-4c56-8821-715253ba1111"

    private(set) var centre: TestServer
    private(set) var hub: TestServer
    let village: TestNode
    /// What there was of her keys before the order.
    private(set) var keys = KeyMaterial()

    init() throws {
        centre = try TestServer()
        hub = try TestServer(try centre.village("hub-serang", region: "36.04", role: "hub"))
        village = try hub.village()
        try village.record(
            "privacy.consent_granted",
            #"{"person_id":"\#(Self.person)","purposes":["protection"],"form":"written","language":"id","#
                + #""text_version":"1.3.0","given_by":"self"}"#)
        try village.record(
            "person.registered",
            #"{"full_name":"\#(Self.name)","birth_year":1998,"sex":"F","role":"cpmi","stage":"before","#
                + #""domicile_code":"36.04.13.2007","household_id":"\#(Self.household)","#
                + #""lawful_basis":"consent","source":"home"}"#,
            "--subject", Self.person)
        try village.record(
            "visit.recorded",
            #"{"household_id":"\#(Self.household)","person_ids":["\#(Self.person)"],"purpose":"routine","#
                + #""channel":"home","started_at":"2026-08-14T09:30:00+07:00","met":"met","#
                + #""note":"\#(Self.name) takut pada sponsornya"}"#)
        try sync()
        for node in [village, hub.node] {
            #expect(try shown(at: node).contains(Self.name), "else nothing could be seen to vanish")
            var here = KeyMaterial()
            try here.take(from: node.folder)
            #expect(try !here.found(in: node.folder).isEmpty)
            try keys.take(from: node.folder)
        }
        #expect(try !shown(at: centre.node).contains(Self.name))
    }

    /// Twice up and down between all three: confirmations need a second journey.
    func sync() throws {
        for _ in 0..<2 {
            try expectSuccess(try village.run("sync"))
            try expectSuccess(try hub.node.run("sync"))
            // A hub that was put back may have opened an epoch.
            try hub.untilItFollows()
        }
        try expectSuccess(try village.run("sync"))
    }

    func expectSuccess(_ result: Program.Result) throws {
        try #require(result.code == 0, "\(result.output)\(result.errors)")
    }

    func order() throws {
        try expectSuccess(try hub.node.run("erase", Self.person, "--reason", "request", "--yes"))
        try sync()
    }

    /// Everything that a node shows of records, with identity where it can.
    func shown(at node: TestNode) throws -> String {
        let result = try node.run("log", "show", "/", "--personal", "--limit", "1000")
        try expectSuccess(result)
        return result.output
    }

    // MARK: - Copies

    /// A copy of a node's folder as `cp -a` makes it; its server is stopped meanwhile.
    func copy(_ node: TestNode) throws -> String {
        let copy = node.scratch.path + "/copy-\(UUID().uuidString)"
        try asleep(node) { try FileManager.default.copyItem(atPath: node.folder, toPath: copy) }
        return copy
    }

    /// Puts a copy in the place of a node's folder, and starts its server again.
    func restore(_ node: TestNode, from copy: String) throws {
        try asleep(node) {
            try FileManager.default.removeItem(atPath: node.folder)
            try FileManager.default.copyItem(atPath: copy, toPath: node.folder)
        }
    }

    private func asleep(_ node: TestNode, _ body: () throws -> Void) throws {
        if node.folder == hub.node.folder {
            hub.stop()
            try body()
            hub = try TestServer(node, port: hub.port)
        } else if node.folder == centre.node.folder {
            centre.stop()
            try body()
            centre = try TestServer(node, port: centre.port)
        } else {
            try body()
        }
    }

    // MARK: - What must hold

    /// No node shows her name, and none holds her keys in any form in any file.
    func expectErased(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for node in [village, hub.node, centre.node] {
            let shown = try shown(at: node)
            #expect(!shown.contains(Self.name), "\(node.folder)", sourceLocation: sourceLocation)
            #expect(shown.contains("[dihapus]"), "\(node.folder)", sourceLocation: sourceLocation)
            // While a server reads an older state of the file the rest waits for the next look.
            for _ in 0..<50 where try !keys.found(in: node.folder).isEmpty {
                try expectSuccess(try node.run("erase", "--status"))
            }
            #expect(try keys.found(in: node.folder) == [:], "\(node.folder)", sourceLocation: sourceLocation)
            let verified = try node.run("log", "verify", "--english")
            try #require(verified.code == 0, "\(node.folder)\n\(verified.output)", sourceLocation: sourceLocation)
        }
    }
}
