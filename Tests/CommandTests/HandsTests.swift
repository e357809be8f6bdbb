import Event
import Foundation
import Testing

/// Persons and organizers who go to another village, with the built program (`docs/operating/hub.md`).
@Suite(.serialized, .timeLimit(.minutes(5))) struct `Changing hands` {
    private static let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    private static let visit = #"""
        {"household_id":"3f6c1b8e-52d7-4a90-8e1f-7b2a9c4d5e61","purpose":"first_contact","channel":"home",
         "started_at":"2026-06-03T09:15:00+07:00","met":"met"}
        """#

    private static func register(at village: TestNode) throws {
        try village.record(
            "privacy.consent_granted",
            #"""
            {"person_id":"\#(person)","purposes":["protection"],"form":"written","language":"id",
             "text_version":"1.2.0","given_by":"self"}
            """#)
        try village.record(
            "person.registered",
            #"""
            {"full_name":"Rohmah Kanari","birth_year":1998,"sex":"F","role":"cpmi","stage":"before",
             "domicile_code":"36.04.13.2007","lawful_basis":"consent","source":"home"}
            """#, "--subject", person)
    }

    /// Syncs until what is asked for is so: the hub's server does its part between two requests.
    private static func sync(_ villages: [TestNode], until isSo: () throws -> Bool) throws {
        for _ in 0..<60 {
            for village in villages {
                let synced = try village.run("sync")
                try #require(synced.code == 0, "\(synced.errors)")
            }
            if try isSo() { return }
        }
        Issue.record("it did not come about in sixty syncs")
    }

    private static func rows(_ model: String, at node: TestNode) throws -> [JSON] {
        let result = try node.run("query", model, "--format", "ndjson")
        try #require(result.code == 0, "\(result.errors)")
        return try result.lines.map { try JSON.parse(Array($0.utf8), limits: .document) }
    }

    private static func held(_ node: TestNode) throws -> Int {
        try node.run("keys", "list", "--json").lines.count {
            $0.contains(person) && !$0.contains(#""held_since":null"#)
        }
    }

    @Test func `a person moves with her keys, and the former laptop keeps none`() throws {
        let centre = try TestServer()
        let hub = try TestServer(centre.village("hub-serang", region: "36.04", role: "hub"))
        let lontar = try hub.village()
        let kramat = try hub.village("kramat-a", region: "36.04.13.2008")
        try Self.register(at: lontar)
        #expect(try lontar.run("sync").code == 0)
        #expect(try kramat.run("sync").code == 0)

        let wrong = try lontar.run("keys", "move", Self.person, "--to", "36.04.13.2007")
        #expect(wrong.code == 65 && wrong.errors.contains("already"), "\(wrong.errors)")
        #expect(try lontar.run("keys", "move", Self.person, "--to", "36.04.13").code == 65)
        let moved = try lontar.run("keys", "move", Self.person, "--to", "36.04.13.2008", "--on", "2026-08-20")
        #expect(moved.code == 0, "\(moved.errors)")
        #expect(try Self.held(lontar) == 1)

        try Self.sync([lontar, kramat]) { try Self.held(lontar) == 0 && Self.held(kramat) >= 2 }
        #expect(try Self.rows("moved_away", at: lontar).first?["to_village"]?.stringValue == "36.04.13.2008")
        #expect(try lontar.run("status").output.contains("36.04.13.2008"))
        #expect(try kramat.run("status").output.contains("36.04.13.2007"))
        try Self.sync([lontar, kramat]) {
            try Self.rows("person_state", at: kramat).map { $0["village"]?.stringValue } == ["36.04.13.2008"]
        }
        let verified = try kramat.run("log", "verify")
        #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
    }

    @Test func `an organizer goes to another village, and nothing she had not sent is lost`() throws {
        let server = try TestServer()
        let laptop = try server.village("lontar-c")
        let sent = try laptop.record("visit.recorded", Self.visit)
        #expect(try laptop.run("sync").code == 0)
        let unsent = try laptop.record("visit.recorded", Self.visit)

        // Her folder serves its village for ever.
        let refused = try server.node.run(
            "invite", "lontar-c", "--region", "36.04.13.2008", "--url", server.url)
        #expect(refused.code == 65, "\(refused.errors)")
        #expect(try laptop.json("status", "--json")["region"]?.stringValue == "36.04.13.2007")

        let stick = laptop.scratch.path + "/sisa.simpul"
        #expect(try laptop.run("bundle", "export", stick).code == 0)
        let revoked = try server.node.run("nodes", "revoke", "lontar-c", "--reason", "replaced", "--yes")
        #expect(revoked.code == 0, "\(revoked.errors)")
        #expect(try laptop.run("sync").code != 0)
        let imported = try server.node.run("bundle", "import", stick)
        #expect(imported.code == 0, "\(imported.errors)")

        let there = try server.village("kramat-b", region: "36.04.13.2008")
        let new = try there.record("visit.recorded", Self.visit)
        #expect(try there.run("sync").code == 0)
        server.stop()
        for (log, references) in [("lontar-c/", [sent, unsent]), ("kramat-b/", [new])] {
            let shown = try server.node.run("log", "show", log, "--json").lines.filter { $0.contains("visit.recorded") }
            #expect(shown.count == references.count, "\(log)")
        }
        #expect(try server.node.run("log", "verify").code == 0)
    }
}
