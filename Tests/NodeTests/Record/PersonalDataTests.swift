import Catalogue
import Event
import Foundation
import Store
import TestKit
import Testing

@testable import Node

/// What a node refuses to write because it could not keep it from those who may not read it.
@Suite struct PersonalDataTests {
    @Test func `the centre records no personal field, and makes no key`() throws {
        let centre = try TestNode.centre()
        let type = try #require(centre.node.catalogue.types["departure.recorded"])
        let data = type.example.setting("note", to: "Diantar Rohmah")
        let record = { (data: JSON) in
            try centre.node.recorder.record(
                Draft(
                    type: type.name, data: data, actor: "pusat-1", role: "central_officer",
                    audience: try RegionCode("36.04.13.2007")))
        }
        let before = try centre.node.store.intakeSize()
        #expect {
            _ = try record(data)
        } throws: { error in
            let error = error as? NodeError
            return error?.kind == .badInput && "\(error?.description ?? "")".contains("note")
        }
        #expect(try centre.node.store.intakeSize() == before)
        #expect(try PersonKeyStore(path: centre.node.folder.personKeys).all().isEmpty)
        // Nor under the name of a field that there is not.
        #expect(throws: NodeError.self) {
            try record(type.example.setting("note", to: nil).setting("catatan", to: "Rohmah"))
        }
        _ = try record(type.example.setting("note", to: nil))
        #expect(try centre.node.store.intakeSize() > before)
    }

    @Test func `a sealed field is refused, for want of an office's key`() throws {
        let hub = try TestNode.centre().child("hub-serang", region: "36.04", role: .hub)
        let events = hub.folder.path + "/catalogue/events"
        try FileManager.default.createDirectory(atPath: events, withIntermediateDirectories: true)
        try Data(Self.testimony.utf8).write(to: URL(fileURLWithPath: events + "/testimony.given.json"))
        try hub.node.close()
        let node = try Node(folder: NodeFolder(path: hub.folder.path))
        let draft = Draft(
            type: "testimony.given", data: ["on": "2026-08-01", "words": "Dijemput malam hari"], actor: "hub-1",
            role: "hub_officer")
        #expect {
            try node.recorder.record(draft)
        } throws: { error in
            (error as? NodeError)?.description.contains("no office's key") == true
        }
    }

    private static let testimony = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "simpul:testimony.given/1", "title": "Kesaksian",
          "x-label": {"id": "Kesaksian", "en": "Testimony"},
          "x-subject": {"kind": "testimony", "new": true}, "x-audience": {"level": "own"}, "x-lane": {"usual": "main"},
          "x-roles": [], "x-nodes": ["hub"], "x-offline": true, "x-occurred": "on", "type": "object",
          "properties": {
            "on": {"type": "string", "format": "date", "x-label": {"id": "Tanggal", "en": "Date"}, "x-sensitivity": "internal"},
            "words": {"type": "string", "maxLength": 500, "x-label": {"id": "Isi", "en": "Words"}, "x-sensitivity": "sealed"}
          },
          "required": ["on"],
          "examples": [{"on": "2026-08-01"}]
        }
        """#
}
