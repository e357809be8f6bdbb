import Event
import Foundation
import Testing

@Suite("Who may ask what")
struct QueryAccessTests {
    private static let departures = "/q/v1/models/departures_by_month"

    @Test(
        "nobody is answered without a login",
        arguments: ["", "/departures_by_month", "/departures_by_month/explain?key=a"])
    func login(path: String) async throws {
        try await QueryServer.run { server in
            let reply = try await server.get("/q/v1/models" + path, as: nil)
            #expect(reply.status == 401)
            #expect(reply["WWW-Authenticate"]?.hasPrefix("Basic") == true)
            #expect(try reply.json()["code"]?.stringValue == "login-needed")
            #expect(try await server.get("/q/v1/models" + path, as: "nobody").status == 401)
        }
    }

    @Test("too many wrong passwords have to wait")
    func wait() async throws {
        try await QueryServer.run { server in
            let reply = try await server.get(Self.departures, as: "terkunci")
            #expect(reply.status == 429)
            #expect(reply["Retry-After"] == "30")
        }
    }

    @Test("a session of the pages is a login too")
    func session() async throws {
        try await QueryServer.run { server in
            let reply = try await server.get(Self.departures, as: nil, headers: ["Cookie": "simpul-session=analis"])
            #expect(reply.status == 200)
            #expect(try await server.get(Self.departures, as: nil, headers: ["Cookie": "a=b"]).status == 401)
        }
    }

    @Test(
        "a session is no login for a page of another site, nor of another port of this host",
        arguments: [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)])
    func crossSite(site: String, status: Int) async throws {
        try await QueryServer.run { server in
            let session = ["Cookie": "simpul-session=analis", "Sec-Fetch-Site": site]
            let reply = try await server.get(Self.departures, as: nil, headers: session)
            #expect(reply.status == status)
            if status == 403 { #expect(try reply.json()["code"]?.stringValue == "cross-site") }
            // A password is typed, not added by a browser.
            #expect(try await server.get(Self.departures, headers: ["Sec-Fetch-Site": site]).status == 200)
            let elsewhere = ["Cookie": "simpul-session=analis", "Origin": "http://127.0.0.1:1"]
            #expect(try await server.get(Self.departures, as: nil, headers: elsewhere).status == 403)
        }
    }

    @Test("a region sees its own rows only")
    func scope() async throws {
        try await QueryServer.run { server in
            let json = try await server.get(Self.departures, as: "lontar").json()
            let villages = Set(json["rows"]?.arrayValue?.compactMap { $0["village"]?.stringValue } ?? [])
            #expect(villages == [QueryServer.lontar])
            let inside = try await server.get(Self.departures + "?village=\(QueryServer.domas)", as: "lontar").json()
            #expect(inside["rows"]?.arrayValue?.isEmpty == true)
            let outside = try await server.get(Self.departures + "?scope=\(QueryServer.domas)", as: "lontar")
            #expect(outside.status == 403)
            #expect(try outside.json()["code"]?.stringValue == "out-of-scope")
            let narrowed = try await server.get(Self.departures + "?scope=\(QueryServer.domas)").json()
            #expect(narrowed["rows"]?.arrayValue?.count == 1)
        }
    }

    @Test("no explanation crosses a region")
    func explanation() async throws {
        try await QueryServer.run { server in
            let path = Self.departures + "/explain?key=\(QueryServer.domas),36.04,2026-08"
            #expect(try await server.get(path).json()["lines"]?.arrayValue?.count == 1)
            let other = try await server.get(path, as: "lontar").json()
            #expect(other["lines"]?.arrayValue?.isEmpty == true)
        }
    }

    @Test("a partner sees reference data and released statistics, not counts in full, persons and cases")
    func aggregates() async throws {
        try await QueryServer.run { server in
            #expect(try await server.get("/q/v1/models/p3mi_licences", as: "mitra").status == 200)
            #expect(try await server.get(Self.departures, as: "mitra").status == 403)
            let rows = try await server.get("/q/v1/models/departure_fact", as: "mitra")
            #expect(rows.status == 403)
            let names = try await server.get("/q/v1/models", as: "mitra").json()["models"]?.arrayValue?
                .compactMap { $0["name"]?.stringValue }
            #expect(names?.contains("departure_fact") == false)
            #expect(names?.contains("case_board") == false)
        }
    }

    @Test("a role that the policy does not name sees nothing")
    func unknownRole() async throws {
        try await QueryServer.run { server in
            for path in ["/q/v1/models", Self.departures] {
                let reply = try await server.get(path, as: "stranger@id")
                #expect(reply.status == 403)
            }
        }
    }
}
