import Event
import Foundation
import Testing

@Suite struct `simpul record` {
    @Test func `prints the reference of a record that is there afterwards`() throws {
        let node = try TestNode.centre()
        let reference = try node.recordWarning()
        #expect(reference.wholeMatch(of: /pusat\/id:main\/[0-9a-f]{16}#1~[0-9a-f]{64}/) != nil)
        let shown = try node.run("log", "show", "--json", "--type", "warning.published")
        #expect(shown.lines.count == 1)
        #expect(shown.output.contains("Tawaran palsu"))
    }

    @Test func `takes fields as people write them`() throws {
        let node = try TestNode.centre()
        let result = try node.run(
            "record", "warning.published", "--field", "title=Awas", "--field", "text=Hati-hati", "--field",
            "urgent=tidak",
            "--field", "valid_from=10-08-2026", "--field", "topics=Visa", "--format", "json")
        #expect(result.code == 0, "\(result.errors)")
        let answer = try JSON.parse(Array(result.output.utf8), limits: .document)
        #expect(answer["type"] == "warning.published")
        #expect(answer["sequence"] == 1)
        let line = try JSON.parse(
            Array(try node.run("log", "show", "--json", "--from", "1").output.utf8), limits: .document)
        #expect(line["data"]?["valid_from"] == "2026-08-10")
        #expect(line["data"]?["urgent"] == false)
        #expect(line["occurredat"] == "2026-08-10")
    }

    @Test func `names every problem at once, with place and remedy, and saves nothing`() throws {
        let node = try TestNode.centre()
        let result = try node.run(
            "record", "warning.published", "--field", "title=Awas", "--field", "valid_from=kemarin", "--field",
            "urgent=mungkin")
        #expect(result.code == 65)
        #expect(result.output.isEmpty)
        for place in ["text:", "valid_from:", "urgent:"] { #expect(result.errors.contains("- \(place)")) }
        let size = try node.json("status", "--json")["written"]?["saved"]
        #expect(size == 1, "only the node's own enrolment")
    }

    @Test(arguments: [
        (["record", "warning.publishd"], "warning.published"),
        (["record", "warning.published", "--field", "judul=Awas"], "title"),
        (["record", "warning.published", "--field", "judul"], "name=value"),
        (["record", "risk.screened"], "village"),
        (["record", "node.enrolled", "--field", "node=x"], "by itself"),
        (["record", "warning.published", "--role", "penyihir", "--field", "title=x"], "central_officer"),
    ])
    func `says what to do instead`(arguments: [String], remedy: String) throws {
        let node = try TestNode.centre()
        let result = try Program.run(arguments, folder: node.folder)
        #expect(result.code == 65)
        #expect(result.errors.contains(remedy), "\(result.errors)")
    }

    @Test func `names a file that is not there`() throws {
        let node = try TestNode.centre()
        let result = try node.run("record", "warning.published", "--json", "/nowhere.json")
        #expect(result.code == 66)
        #expect(result.errors.contains("/nowhere.json is not there"), "\(result.errors)")
    }

    @Test func `checks without saving on a dry run`() throws {
        let node = try TestNode.centre()
        let result = try node.run(
            "record", "warning.published", "--json", "-", "--dry-run", input: TestNode.warning("Awas"))
        #expect(result.code == 0)
        #expect(try node.json("status", "--json")["written"]?["saved"] == 1)
    }

    @Test func `asks question by question, with numbers for choices`() throws {
        let node = try TestNode.centre()
        // Title; text, first left out though required; topics by number; countries; urgent; from; to.
        let result = try node.run(
            "record", "warning.published", "--ask", input: "Awas\n\nHati-hati\n1\n\nt\n10-08-2026\n\n\n\n\n\n")
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("wajib"))
        let line = try node.run("log", "show", "--json", "--from", "1").output
        #expect(line.contains(#""urgent":false"#))
        #expect(line.contains(#""topics":["#))
    }

    @Test func `saves nothing when the answers end too soon`() throws {
        let node = try TestNode.centre()
        let result = try node.run("record", "warning.published", "--ask", "--english", input: "Awas\n")
        #expect(result.code == 65)
        #expect(result.errors.contains("nothing was saved"))
        #expect(try node.json("status", "--json")["written"]?["saved"] == 1)
    }

    @Test func `needs a node`() throws {
        let result = try Program.run(["record", "warning.published"], folder: "/nowhere/at/all")
        #expect(result.code == 78)
        #expect(result.errors.contains("simpul init"))
    }
}
