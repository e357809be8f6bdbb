import Event
import Foundation
import Node
import Testing

@Suite("Asking the read models over HTTP")
struct QueryTests {
    private static let departures = "/q/v1/models/departures_by_month"

    @Test("rows come filtered and sorted, with cut, version and completeness")
    func rows() async throws {
        try await QueryServer.run { server in
            let reply = try await server.get(Self.departures + "?month=2026-08&sort=-departures")
            #expect(reply.status == 200)
            #expect(reply["Content-Type"] == "application/json")
            let json = try reply.json()
            #expect(json["version"]?.intValue == 1)
            #expect(json["cut"]?.intValue.map(String.init) == reply["Simpul-Cut"])
            #expect(json["rows"]?.arrayValue?.compactMap { $0["departures"]?.intValue } == [2, 1])
            #expect(json["rows"]?[0]?["village"]?.stringValue == QueryServer.lontar)
            #expect(json["rows"]?[0]?["suspected"]?.intValue == 1)
            #expect(json["completeness"]?["enrolled"]?.intValue == 1)
            #expect(json["completeness"]?["silent"]?[0]?["node"]?.stringValue == "lontar-a")
            #expect(reply["Simpul-Completeness"]?.hasPrefix("enrolled=1, reporting=0, silent=1, state=") == true)
            #expect(reply["Simpul-Model"] == "departures_by_month/1")
        }
    }

    @Test(
        "operators compare",
        arguments: [
            ("month.ge=2026-09", 1), ("month.lt=2026-09", 2), ("month.ne=2026-08", 1), ("month=2026-08,2026-09", 3),
            ("region.prefix=36.04.13", 2), ("departures.gt=1", 1), ("departures.le=1&month=2026-08", 1),
            ("month=2026%2D08&village=36.04.12.2003", 1), ("month=1999-01", 0),
        ])
    func operators(query: String, count: Int) async throws {
        try await QueryServer.run { server in
            let json = try await server.get(Self.departures + "?" + query).json()
            #expect(json["rows"]?.arrayValue?.count == count)
        }
    }

    @Test("an unknown model, column, operator, value or parameter is refused with what is allowed")
    func refusals() async throws {
        try await QueryServer.run { server in
            let cases = [
                ("/q/v1/models/nothing", 404, "departures_by_month"),
                (Self.departures + "?colour=red", 400, "nonwork_visa"),
                (Self.departures + "?month.like=2026", 400, "month.prefix"),
                (Self.departures + "?departures.prefix=1", 400, "departures.ge"),
                (Self.departures + "?departures.ge=many", 400, "many"),
                (Self.departures + "?departures.ge=9007199254740992", 400, "9007199254740991"),
                (Self.departures + "?month.lt=Agustus", 400, "2026-08"),
                (Self.departures + "?month=2026-08,Agustus", 400, "2026-08"),
                (Self.departures + "?departures=many", 400, "many"),
                (Self.departures + "?departures.lt=1&departures.lt=2", 400, "one value"),
                (Self.departures + "?sort=colour", 400, "nonwork_visa"),
                (Self.departures + "?limit=0", 400, "100000"), (Self.departures + "?format=xml", 400, "ndjson"),
                (Self.departures + "?true_at=yesterday", 400, "2026-08-14"),
                (Self.departures + "?as_of_cut=999999", 400, "999999"), (Self.departures + "?month=%zz", 400, "%zz"),
                (Self.departures + "?cursor=made-up", 400, "made-up"), ("/q/v1/models?limit=3", 400, "no parameters"),
                (Self.departures + "/explain?key=2026-08", 400, "<village>,<regency>,<month>"),
            ]
            for (path, status, hint) in cases {
                let reply = try await server.get(path)
                #expect(reply.status == status, "\(path): \(reply.text)")
                #expect(reply["Content-Type"] == "application/problem+json")
                let detail = try reply.json()["detail"]?.stringValue ?? ""
                #expect(detail.contains(hint), "\(path): \(detail)")
            }
        }
    }

    @Test("pages follow each other through the Link header, each row once")
    func paging() async throws {
        try await QueryServer.run { server in
            var path = Self.departures + "?limit=1&sort=month"
            var seen: [String] = []
            while true {
                let reply = try await server.get(path)
                let rows = try reply.json()["rows"]?.arrayValue ?? []
                seen += rows.compactMap { row in
                    row["month"]?.stringValue.flatMap { month in row["village"]?.stringValue.map { "\(month) \($0)" } }
                }
                guard let link = reply["Link"] else { break }
                path = String(link.dropFirst().prefix { $0 != ">" })
                #expect(link.hasSuffix(#"; rel="next""#))
            }
            #expect(
                seen == [
                    "2026-08 \(QueryServer.domas)", "2026-08 \(QueryServer.lontar)", "2026-09 \(QueryServer.lontar)",
                ])
        }
    }

    @Test("an answer is repeated byte for byte with its cut, whatever came since")
    func asOfCut() async throws {
        try await QueryServer.run { server in
            let first = try await server.get(Self.departures + "?format=csv")
            let cut = try #require(first["Simpul-Cut"])
            try server.node.recorder.record(
                QueryServer.departure("2026-08-30", visa: "work", from: QueryServer.lontar))
            try server.node.project()
            let now = try await server.get(Self.departures + "?format=csv")
            let then = try await server.get(Self.departures + "?format=csv&as_of_cut=" + cut)
            #expect(now.bytes != first.bytes)
            #expect(then.bytes == first.bytes)
            #expect(then["Simpul-Cut"] == cut)
            let early = try await server.get(Self.departures + "?true_at=2026-08-10").json()
            #expect(early["rows"]?.arrayValue?.compactMap { $0["departures"]?.intValue } == [1])
        }
    }

    @Test("the tag is the same as long as nothing came in, and then another")
    func entityTags() async throws {
        try await QueryServer.run { server in
            let first = try await server.get(Self.departures)
            let tag = try #require(first["ETag"])
            let again = try await server.get(Self.departures, headers: ["If-None-Match": "\"other\", W/\(tag)"])
            #expect(again.status == 304)
            #expect(again.bytes.isEmpty)
            #expect(try await server.get(Self.departures + "?sort=month")["ETag"] != tag)
            #expect(try await server.get(Self.departures, as: "lontar")["ETag"] != tag)
            try server.node.recorder.record(
                QueryServer.departure("2026-10-01", visa: "work", from: QueryServer.lontar))
            try server.node.project()
            let changed = try await server.get(Self.departures, headers: ["If-None-Match": tag])
            #expect(changed.status == 200)
            #expect(changed["ETag"] != tag)
        }
    }

    @Test(
        "the format follows Accept, or the parameter",
        arguments: [
            ("", "text/csv", "text/csv"), ("", "text/html;q=0.9, application/x-ndjson", "application/x-ndjson"),
            ("?format=table", "application/json", "text/plain"), ("", "*/*", "application/json"),
            ("", "application/json;q=0.2, text/plain;q=0.5", "text/plain"),
        ])
    func formats(query: String, accept: String, type: String) async throws {
        try await QueryServer.run { server in
            let reply = try await server.get(Self.departures + query, headers: ["Accept": accept])
            #expect(reply.status == 200)
            #expect(reply["Content-Type"]?.hasPrefix(type) == true)
            #expect(reply["Simpul-Cut"] != nil)
            #expect(reply["Simpul-Completeness"] != nil)
        }
    }

    @Test("a format that is not there is refused")
    func notAcceptable() async throws {
        try await QueryServer.run { server in
            let reply = try await server.get(Self.departures, headers: ["Accept": "image/png"])
            #expect(reply.status == 406)
        }
    }

    @Test("the lines behind a row are named")
    func explanation() async throws {
        try await QueryServer.run { server in
            let reply = try await server.get(Self.departures + "/explain?key=\(QueryServer.lontar),36.04,2026-08")
            #expect(reply.status == 200, "\(reply.text)")
            let lines = try reply.json()["lines"]?.arrayValue ?? []
            #expect(lines.count == 2)
            #expect(lines.allSatisfy { $0["type"]?.stringValue == "departure.recorded" })
            let reference = try #require(lines.first?["line"]?.stringValue)
            #expect(try LineReference(reference).sequence >= 0)
        }
    }
}
