import Event
import Foundation
import Testing

@Suite struct `simpul import` {
    private static let visits = Program.packageRoot.appending(path: "fixtures/import/visits.csv").path
    private static let people = Program.packageRoot.appending(path: "fixtures/import/people.csv").path

    private func village() throws -> TestNode { try TestServer().village() }

    private func report(_ result: Program.Result) throws -> JSON {
        try JSON.parse(Array(result.output.utf8), limits: .document)
    }

    private func count(_ node: TestNode, _ type: String) throws -> Int {
        try node.run("log", "show", "--json", "--from", "0", "--limit", "100000", "--type", type).lines.count
    }

    @Test func `takes good rows in and names the bad one`() throws {
        let node = try village()
        let result = try node.run("import", Self.visits, "--type", "visit.recorded", "--json")
        #expect(result.code == 65)
        let report = try report(result)
        #expect(report["imported"] == 3)
        #expect(report["bad"]?.arrayValue?.count == 1)
        #expect(report["bad"]?[0]?["row"] == 4)
        #expect(report["bad"]?[0]?["problems"]?[0]?["path"] == "/purpose")
        #expect(try count(node, "visit.recorded") == 3)
    }

    @Test func `adds nothing the second time`() throws {
        let node = try village()
        _ = try node.run("import", Self.people, "--type", "person.registered", "--json")
        let before = try count(node, "person.registered")
        #expect(before == 3)
        let again = try report(try node.run("import", Self.people, "--type", "person.registered", "--json"))
        #expect(again["imported"] == 0)
        #expect(again["known"] == 3)
        #expect(try count(node, "person.registered") == before)
    }

    @Test func `writes no name or number into the log`() throws {
        let node = try village()
        _ = try node.run("import", Self.people, "--type", "person.registered")
        let log = try node.run("log", "show", "--json", "--limit", "100").output
        for secret in ["Suhendi", "3604131203909999", "0812-0000-0201", "Saripah"] { #expect(!log.contains(secret)) }
        #expect(log.contains(#""dedupekey":"import:"#))
        let opened = try node.run("log", "show", "--personal", "--type", "person.registered")
        #expect(opened.output.contains("Suhendi"))
    }

    @Test func `gives a row of public facts the same key and subject in every office`() throws {
        let row =
            #"{"sip3mi_no":"SIP3MI-1","name":"PT Contoh Satu","status":"valid","valid_from":"2026-01-01","hq_code":"36.04"}"#
        let keys = try (0..<2).map { _ in
            let node = try TestNode.centre()
            let result = try node.run("import", "-", "--type", "p3mi.licence_recorded", input: row + "\n")
            try #require(result.code == 0, "\(result.errors)")
            let line = try JSON.parse(
                Array(
                    try node.run("log", "show", "--json", "--from", "0", "--type", "p3mi.licence_recorded").output.utf8),
                limits: .document)
            return [line["dedupekey"]?.stringValue, line["subject"]?.stringValue]
        }
        #expect(keys[0] == keys[1])
        #expect(keys[0][0] != nil)
    }

    @Test func `points out a row that was imported with other content`() throws {
        let node = try TestNode.centre()
        let row = { (to: String) in
            #"{"sip3mi_no":"SIP3MI-1","name":"PT Contoh","status":"valid","valid_from":"2026-01-01","valid_to":"\#(to)","hq_code":"36.04"}"#
        }
        let type = "p3mi.licence_recorded"
        #expect(try node.run("import", "-", "--type", type, input: row("2027-01-01")).code == 0)
        let changed = try node.run("import", "-", "--type", type, "--english", input: row("2028-01-01"))
        #expect(changed.code == 65)
        #expect(changed.errors.contains("record.corrected"))
        #expect(try count(node, type) == 1)
    }

    @Test func `saves all or nothing when told to be strict`() throws {
        let node = try village()
        let result = try node.run("import", Self.visits, "--type", "visit.recorded", "--strict")
        #expect(result.code == 65)
        #expect(result.output.contains("Belum ada yang disimpan"))
        #expect(try count(node, "visit.recorded") == 0)
    }

    @Test func `goes through more rows than one transaction holds`() throws {
        let node = try TestNode.centre()
        let rows = (1...520).map { TestNode.warning("Nomor \($0)") }.joined(separator: "\n")
        let file = try node.scratch.file("peringatan.ndjson", rows)
        let result = try node.run("import", file, "--type", "warning.published")
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("520 masuk"))
        #expect(try node.run("log", "verify").code == 0)
    }

    @Test func `finds columns by label, by wish, and leaves out what it is told to`() throws {
        let node = try TestNode.centre()
        let file = try node.scratch.file(
            "daftar.csv",
            "\u{FEFF}No;JUDUL;Teks lengkap;Segera;valid_from\r\n1;\"Awas; bahaya\";Hati-hati;ya;10-08-2026\r\n")
        let stranger = try node.run("import", file, "--type", "warning.published")
        #expect(stranger.code == 65)
        #expect(stranger.errors.contains("No, Teks lengkap"))
        let result = try node.run(
            "import", file, "--type", "warning.published", "--map", "No=", "--map", "Teks lengkap=text")
        #expect(result.code == 0, "\(result.errors)")
        #expect(try node.run("log", "show", "--json", "--type", "warning.published").output.contains("Awas; bahaya"))
    }

    @Test func `takes subject and moment beside the data`() throws {
        let node = try TestNode.centre()
        let subject = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
        let row = #"{"subject":"\#(subject)","occurredat":"2026-08","data":\#(TestNode.warning("Awas"))}"#
        let result = try node.run("import", "-", "--type", "warning.published", input: row)
        #expect(result.code == 0, "\(result.errors)")
        let line = try node.run("log", "show", "--json", "--type", "warning.published").output
        #expect(line.contains(#""subject":"\#(subject)""#))
        #expect(line.contains(#""occurredat":"2026-08","#))
    }

    @Test(arguments: [
        "bukan json", #"["daftar"]"#, #"{"data":{"title":"x"},"siapa":"y"}"#, #"{"title":"x","title":"y"}"#, "\u{0}",
    ])
    func `tells what is wrong with a row, and goes on`(row: String) throws {
        let node = try TestNode.centre()
        let rows = [row, TestNode.warning("Awas")].joined(separator: "\n")
        let result = try node.run("import", "-", "--type", "warning.published", "--json", input: rows)
        #expect(result.code == 65)
        let report = try report(result)
        #expect(report["imported"] == 1)
        #expect(report["bad"]?[0]?["row"] == 1)
    }
}
