import Event
import Foundation
import Testing

@Suite struct `simpul query` {
    private static let licence =
        #"{"sip3mi_no":"SIP3MI-1","name":"PT Contoh Satu","status":"valid","valid_from":"2026-01-01","hq_code":"36.04"}"#

    @Test func `answers with what was just recorded, and the cut`() throws {
        let node = try TestNode.centre()
        try node.record("p3mi.licence_recorded", Self.licence)
        let answer = try node.json("query", "p3mi_licences", "--format", "json")
        #expect(answer["rows"]?.arrayValue?.count == 1)
        #expect(answer["rows"]?[0]?["name"] == "PT Contoh Satu")
        #expect(answer["cut"]?.intValue ?? 0 > 0)
    }

    @Test func `repeats an answer byte for byte, at its cut and after a rebuild`() throws {
        let node = try TestNode.centre()
        try node.record("p3mi.licence_recorded", Self.licence)
        let before = try node.run("query", "p3mi_licences", "--format", "json")
        let answer = try JSON.parse(Array(before.output.utf8), limits: .document)
        let cut = try #require(answer["cut"]?.intValue)
        try node.record("p3mi.licence_recorded", Self.licence.replacingOccurrences(of: "SIP3MI-1", with: "SIP3MI-2"))
        #expect(try node.run("rebuild").code == 0)
        let rows = { (arguments: [String]) in
            let result = try Program.run(
                ["query", "p3mi_licences", "--format", "csv"] + arguments, folder: node.folder)
            #expect(result.code == 0, "\(result.errors)")
            return result.output
        }
        #expect(try rows([]) != rows(["--as-of-cut", "\(cut)"]))
        #expect(try rows(["--as-of-cut", "\(cut)"]).contains("SIP3MI-1"))
        #expect(try !rows(["--as-of-cut", "\(cut)"]).contains("SIP3MI-2"))
    }

    @Test func `lists the models`() throws {
        let node = try TestNode.centre()
        let list = try node.run("query", "--list", "--english")
        #expect(list.code == 0)
        #expect(list.output.contains("departures_by_month"))
        #expect(list.output.contains("key: "))
    }

    @Test(arguments: [
        (["query", "tidak_ada"], "p3mi_licences"),
        (["query", "p3mi_licences", "--where", "apa=1"], "name"),
        (["query", "p3mi_licences", "--where", "name"], "operator"),
        (["query", "p3mi_licences", "--true-at", "kemarin"], "2026-08-31"),
        (["query", "p3mi_licences", "--as-of-cut", "999"], "newest"),
        (["query", "p3mi_licences", "--columns", "nama"], "name"),
        (["explain", "p3mi_licences"], "KEY"),
        (["explain", "p3mi_licences", "a", "b", "c", "d"], "p3mi"),
    ])
    func `says what to do instead`(arguments: [String], remedy: String) throws {
        let node = try TestNode.centre()
        let result = try Program.run(arguments, folder: node.folder)
        #expect(result.code == 65 || result.code == 64)
        #expect(result.errors.lowercased().contains(remedy.lowercased()), "\(result.errors)")
    }

    @Test func `explains a row by its records`() throws {
        let node = try TestNode.centre()
        let reference = try node.record("p3mi.licence_recorded", Self.licence)
        let row = try #require(try node.json("query", "p3mi_licences", "--format", "json")["rows"]?[0])
        let key = ["p3mi", "log", "seq"].compactMap { row[$0]?.stringValue ?? row[$0]?.numberText }
        let result = try Program.run(["explain", "p3mi_licences"] + key, folder: node.folder)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains(reference))
    }

    @Test func `answers beside a running server`() throws {
        let server = try TestServer()
        try server.node.record("p3mi.licence_recorded", Self.licence)
        // The server takes in within seconds what another process recorded.
        var rows = 0
        for _ in 0..<200 where rows == 0 {
            let answer = try server.node.run("query", "p3mi_licences", "--format", "ndjson")
            rows = answer.code == 0 ? answer.lines.filter { $0.contains("SIP3MI-1") }.count : 0
        }
        #expect(rows == 1)
    }

    @Test func `publishes a figure, and tells which records changed it`() throws {
        let server = try TestServer()
        let village = try server.village()
        let departure = { (person: Int, day: String) in
            try village.record(
                "departure.recorded",
                #"""
                {"person_id":"5b0f7d6e-8a51-4c39-9f0e-00000000000\#(person)","episode_id":"4a4b4c4d-5a5b-4c5d-8a6b-00000000000\#(person)",
                 "left_on":"\#(day)","country":"TW","visa":"work","legal_status":"procedural","evidence":"family"}
                """#)
        }
        for person in 1...5 { _ = try departure(person, "2026-07-05") }
        #expect(try village.run("sync").code == 0)
        server.stop()
        let question = ["departures_by_month", "--where", "month=2026-07", "--column", "departures"]
        let tooEarly = try Program.run(["publish"] + question, folder: server.node.folder)
        #expect(tooEarly.code == 77)
        #expect(tooEarly.errors.contains("simpul release"))
        #expect(try server.node.run("release").code == 0)
        let published = try Program.run(["publish"] + question, folder: server.node.folder)
        #expect(published.code == 0, "\(published.errors)")
        #expect(published.output.contains("departures_by_month.departures = 5"))
        #expect(try server.node.run("figures").output.contains("Tidak ada"))

        let late = try departure(6, "2026-07-20")
        let again = try TestServer(server.node, port: server.port)
        #expect(try village.run("sync").code == 0)
        again.stop()
        let figure = try server.node.json("figures", "--json")
        #expect(figure["old"] == 5)
        #expect(figure["new"] == 6)
        #expect(figure["changes"]?[0]?["line"]?.stringValue == late)
        #expect(figure["changes"]?[0]?["cause"] == "late")
    }
}
