import Event
import Foundation
import Testing

@Suite struct `simpul catalogue` {
    private static let type = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "simpul:well.checked/1", "title": "Sumur diperiksa",
          "x-label": {"id": "Sumur diperiksa", "en": "Well checked"},
          "x-subject": {"kind": "well", "new": true}, "x-audience": {"level": "own"}, "x-lane": {"usual": "main"}, "x-roles": [],
          "x-nodes": ["village", "hub", "centre"], "x-offline": true, "x-occurred": "checked_on",
          "type": "object",
          "properties": {
            "checked_on": {"type": "string", "format": "date", "x-label": {"id": "Tanggal", "en": "Date"}, "x-sensitivity": "public"},
            "depth_m": {"type": "integer", "minimum": 1, "x-label": {"id": "Dalam", "en": "Depth"}, "x-sensitivity": "public"}
          },
          "required": ["checked_on", "depth_m"],
          "examples": [{"checked_on": "2026-08-01", "depth_m": 12}]
        }
        """#

    private static let model = """
        -- model: wells
        -- version: 1
        -- kind: fold
        -- title: Sumur | Wells
        -- about: The last depth of each well.
        -- key: well
        -- reads: event well.checked by subject
        -- scope: everyone
        -- column: well id:well | Sumur | Well
        -- column: depth_m integer | Dalam | Depth
        SELECT t.well AS well, max(e.depth_m) AS depth_m
        FROM touched t
        JOIN ev_well_checked e ON e.subject = t.well
        GROUP BY t.well
        """

    @Test func `shows every type and each list`() throws {
        let node = try TestNode.centre()
        let list = try node.run("catalogue", "list")
        #expect(list.code == 0)
        #expect(list.output.contains("visit.recorded"))
        let show = try node.run("catalogue", "show", "visit.recorded", "--english")
        #expect(show.output.contains("household_id"))
        #expect(show.output.contains("[encrypted]"))
        #expect(try node.run("catalogue", "show", "VISIT_PURPOSE").output.contains("first_contact"))
        #expect(try node.run("catalogue", "show", "apa.saja").code == 65)
    }

    @Test func `shows an example that can be recorded`() throws {
        let node = try TestNode.centre()
        let example = try node.run("catalogue", "show", "warning.published", "--example").output
        try node.record("warning.published", example)
    }

    @Test func `installs a type and a model that the program has never seen`() throws {
        let node = try TestNode.centre()
        let type = try node.scratch.file("well.checked.json", Self.type)
        let model = try node.scratch.file("wells.sql", Self.model)
        let checked = try node.run("catalogue", "check", type, model)
        #expect(checked.code == 0, "\(checked.errors)")
        #expect(try node.run("record", "well.checked", "--field", "depth_m=1").code == 65, "checking installs nothing")

        #expect(try node.run("catalogue", "install", type, model).code == 0)
        let bad = try node.run("record", "well.checked", "--field", "checked_on=1-8-2026", "--field", "depth_m=0")
        #expect(bad.code == 65)
        let good = try node.run("record", "well.checked", "--field", "checked_on=1-8-2026", "--field", "depth_m=12")
        #expect(good.code == 0, "\(good.errors)")
        let answer = try node.json("query", "wells", "--format", "json")
        #expect(answer["rows"]?[0]?["depth_m"] == 12)
    }

    @Test(arguments: [
        ("well.checked.json", type.replacingOccurrences(of: #""integer""#, with: #""bilangan""#), "depth_m"),
        ("well.checked.json", #"{"title":"x"}"#, "$id"),
        ("well.checked.json", "{", "byte"),
        ("well.txt", "x", ".json"),
        ("wells.sql", "SELECT 1", "heading"),
        ("wells.sql", model.replacingOccurrences(of: "well.checked", with: "well.dug"), "dug"),
        ("wells.sql", model.replacingOccurrences(of: "max(e.depth_m)", with: "random()"), "random"),
    ])
    func `installs nothing that does not fit, and says where`(name: String, text: String, words: String) throws {
        let node = try TestNode.centre()
        if name == "wells.sql" {
            let type = try node.scratch.file("well.checked.json", Self.type)
            #expect(try node.run("catalogue", "install", type).code == 0)
        }
        let file = try node.scratch.file(name, text)
        let result = try node.run("catalogue", "install", file)
        #expect(result.code == 65)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.errors.contains(name))
        #expect(try node.run("status").code == 0)
        #expect(!FileManager.default.fileExists(atPath: node.folder + "/catalogue/models/\(name)"))
    }

    @Test func `warns of a version that exists with another content`() throws {
        let node = try TestNode.centre()
        let file = try node.scratch.file("well.checked.json", Self.type)
        #expect(try node.run("catalogue", "install", file).code == 0)
        let other = try node.scratch.file(
            "well.checked.json", Self.type.replacingOccurrences(of: #""minimum": 1"#, with: #""minimum": 2"#))
        let result = try node.run("catalogue", "check", other)
        #expect(result.code == 0)
        #expect(result.errors.contains("raise the version"))
    }
}
