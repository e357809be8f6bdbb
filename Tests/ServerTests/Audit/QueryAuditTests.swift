import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store
import Testing

@Suite("Readings of personal data through queries")
struct QueryAuditTests {
    private static let persons = "/q/v1/models/person_state"

    /// As many registered persons of Lontar as one reader may take in a day, and thirty more.
    private static let crowd = QueryServer.Knowledge { node in
        guard let type = node.catalogue.types["person.registered"] else { return }
        try Everything.atHub(
            of: node,
            try (0..<(Node.exportLimit + 30)).map { _ in
                Draft(
                    type: type.name, subject: UUID().uuidString.lowercased(),
                    data: type.example.setting("full_name", to: "Orang Rekaan")
                        .setting("lawful_basis", to: "public_task"), actor: "co-1",
                    role: "community_organizer", audience: try RegionCode(QueryServer.lontar))
            })
    }

    @Test("whoever gets rows of persons leaves a line, which tells the person who, what for and where")
    func traced() async throws {
        try await QueryServer.run(knowing: .everything) { server in
            let login = "caseworker@36.04"
            let reply = try await server.get("/q/v1/models/case_board?limit=1", as: login)
            let person = try #require(try reply.json()["rows"]?[0]?["person"]?.stringValue)
            try server.node.project()
            let readings = try server.node.readings(of: person)
            #expect(readings.rows.count == 1)
            #expect(readings[0, "reader"] == .text(login))
            #expect(readings[0, "reader_role"] == "caseworker")
            #expect(readings[0, "purpose"] == "case_handling")
            #expect(readings[0, "resource"] == "model case_board")
            #expect(readings[0, "exported"] == 1)
            // Another form is another reading; counts and reference data are none.
            _ = try await server.get("/q/v1/models/case_board?limit=1&format=csv", as: login)
            _ = try await server.get("/q/v1/models/departures_by_month", as: login)
            try server.node.project()
            #expect(try server.node.readings(of: person).rows.count == 2)
        }
    }

    @Test("nobody can take back or correct what they read")
    func final() async throws {
        try await QueryServer.run(knowing: .everything) { server in
            let reply = try await server.get("/q/v1/models/person_state?limit=1", as: "hub_officer@id")
            let person = try #require(try reply.json()["rows"]?[0]?["person"]?.stringValue)
            try server.node.project()
            let readings = try server.node.readings(of: person)
            let key = [readings.rows[0][0], .text(person)]
            let target = try #require(
                try server.node.modelReader.explain(
                    "readings", key: key, scope: .nation, reader: .holder, intake: server.node.intakeReader
                ).first?.line.description)
            try server.node.recorder.record([
                Draft(
                    type: "record.retracted", data: ["target": .string(target), "reason": "typo"], actor: "ho-1",
                    role: "hub_officer"),
                Draft(
                    type: "record.corrected",
                    data: ["target": .string(target), "reason": "typo", "patch": ["purpose": "statistics"]],
                    actor: "ho-1", role: "hub_officer"),
            ])
            try server.node.project()
            #expect(try server.node.readings(of: person).rows == readings.rows)
            #expect(try server.node.modelReader.parked().count { $0.reason == .notAllowed } == 2)
        }
    }

    @Test("the data of many needs a second person, however small the pages")
    func bulk() async throws {
        try await QueryServer.run(knowing: Self.crowd) { server in
            let login = "hub_officer@id"
            let whole = try await server.get(Self.persons + "?limit=1000", as: login)
            #expect(whole.status == 403)
            #expect(try whole.json()["code"]?.stringValue == "approval-needed")

            let first = try await server.get(Self.persons + "?limit=80", as: login)
            #expect(first.status == 200)
            let cursor = try #require(try first.json()["next_page"]?.stringValue)
            let next = Self.persons + "?limit=80&cursor=\(cursor)"
            #expect(try await server.get(next, as: login).status == 403)
            // The same again is nobody new.
            #expect(try await server.get(Self.persons + "?limit=80&sort=person", as: login).status == 200)
            // Others are not held to it.
            #expect(try await server.get(next, as: "hub_head@id").status == 200)

            try Self.approve(server, for: login, by: login, role: "hub_head")
            #expect(try await server.get(next, as: login).status == 403)
            try Self.approve(server, for: login, by: "co-7", role: "hub_officer")
            #expect(try await server.get(next, as: login).status == 403)
            try Self.approve(server, for: login, by: "ke-2", role: "dpo", atMost: 120)
            #expect(try await server.get(next, as: login).status == 403)
            try Self.approve(server, for: login, by: "ke-2", role: "dpo")
            #expect(try await server.get(next, as: login).status == 200)
            #expect(try await server.get("/q/v1/models/visits_due?limit=1000", as: login).status == 200)
        }
    }

    @Test("of two answers at once, neither is judged without the other")
    func together() async throws {
        try await QueryServer.run(knowing: Self.crowd) { server in
            for login in ["hub_officer@id", "caseworker@id", "community_organizer@id", "dpo@id"] {
                async let first = server.get(Self.persons + "?limit=80&sort=person", as: login)
                async let last = server.get(Self.persons + "?limit=80&sort=-person", as: login)
                let statuses = try await [first.status, last.status].sorted()
                #expect(statuses == [200, 403], "80 and 80 of 130 are more than 100")
            }
        }
    }

    @Test(
        "no cache keeps an answer about persons, and none can be had again without a trace", arguments: ["json", "csv"])
    func kept(_ format: String) async throws {
        try await QueryServer.run(knowing: .everything) { server in
            let login = "hub_officer@id"
            let persons = try await server.get(Self.persons + "?limit=2&format=\(format)", as: login)
            #expect(persons["Cache-Control"] == "no-store")
            #expect(persons["ETag"] == nil)
            let counts = try await server.get("/q/v1/models/departures_by_month?format=\(format)", as: login)
            #expect(counts["Cache-Control"] == "private, no-cache")
            #expect(counts["ETag"] != nil)
        }
    }

    private static func approve(
        _ server: QueryServer, for reader: String, by actor: String, role: String, atMost: Int64 = 500
    ) throws {
        try server.node.recorder.record(
            Draft(
                type: "export.approved",
                data: [
                    "reader": .string(reader), "model": "person_state", "persons_at_most": .int(atMost),
                    "valid_until": "2026-12-31", "reason": "Laporan tahunan",
                ], actor: actor, role: role))
        try server.node.project()
    }
}
