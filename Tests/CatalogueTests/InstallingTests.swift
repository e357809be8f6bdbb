import Catalogue
import Event
import Foundation
import Testing

@Suite("Installing from files")
struct InstallingTests {
    /// A type that the program has never seen, in the words of an author who only read the documentation.
    static let schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "simpul:library.book_lent/1",
          "title": "Buku dipinjamkan",
          "x-label": {"id": "Buku dipinjamkan", "en": "Book lent"},
          "x-subject": {"kind": "book", "field": "book_id", "new": true},
          "x-audience": {"level": "village"},
          "x-lane": {"usual": "main", "except": [{"lane": "urgent", "when": {"overdue": [true]}}]},
          "x-nodes": ["village"], "x-roles": ["community_organizer"], "x-offline": true,
          "x-occurred": "lent_on", "type": "object",
          "properties": {
            "book_id": {"type": "string", "format": "uuid", "x-label": {"id": "Buku", "en": "Book"},
                        "x-sensitivity": "internal"},
            "lent_on": {"type": "string", "format": "date", "x-label": {"id": "Tanggal", "en": "Date"},
                        "x-sensitivity": "internal"},
            "shelf": {"type": "string", "x-codes": "SHELF", "x-label": {"id": "Rak", "en": "Shelf"},
                      "x-sensitivity": "internal"},
            "overdue": {"type": "boolean", "x-label": {"id": "Terlambat", "en": "Overdue"},
                        "x-sensitivity": "internal"},
            "reader": {"type": "string", "maxLength": 80, "x-sensitivity": "personal",
                       "x-label": {"id": "Pembaca", "en": "Reader"}}
          },
          "required": ["book_id", "lent_on", "shelf"],
          "allOf": [{"if": {"properties": {"overdue": {"const": true}}, "required": ["overdue"]},
                     "then": {"required": ["reader"]}}],
          "examples": [{"book_id": "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60", "lent_on": "2026-08-01", "shelf": "law"}]
        }
        """
    static let shelf = """
        {"code_list": "SHELF", "version": 1, "label": {"id": "Rak", "en": "Shelf"}, "source": "test",
         "codes": [{"code": "law", "label": {"id": "Hukum", "en": "Law"}},
                   {"code": "old", "label": {"id": "Lama", "en": "Old"}, "retired": "yes"}]}
        """

    /// A catalogue folder that is removed afterwards.
    private func withFolder<Result>(
        _ files: [String: String], _ body: (URL) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "catalogue-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in files {
            let url = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return try body(folder)
    }

    @Test("gives a type never seen before its form, check, lane, occurrence and personal members")
    func unseenType() throws {
        let files = ["events/library.book_lent.json": Self.schema, "codelists/SHELF.json": Self.shelf]
        let catalogue = try withFolder(files) { try Catalogue.bundled(extra: [$0]) }
        let type = try #require(catalogue.types["library.book_lent"])
        #expect(type.form.map(\.name) == ["book_id", "lent_on", "shelf", "overdue", "reader"])
        #expect(type.form[2].options.map(\.value) == ["law"])
        #expect(type.validate(type.example).isEmpty)
        let late = type.example.setting("overdue", to: true)
        #expect(type.validate(late).map(\.path) == ["/reader"])
        #expect(type.lane(for: late) == "urgent")
        #expect(type.occurredAt(in: late)?.month == "2026-08")
        let split = type.split(late.setting("reader", to: "Ani"))
        #expect(split.personal == ["reader": "Ani"])
        #expect(split.plain["reader"] == nil)
        #expect(type.schemaName == "simpul:library.book_lent/1")
        #expect(catalogue.types["visit.recorded"] != nil)
    }

    @Test("overrides what was there, keeps older versions and lists models by name")
    func overriding() throws {
        let second = Self.schema.replacing("book_lent/1", with: "book_lent/2").replacing(
            "\"Hukum\"", with: "\"UU\"")
        let files = [
            "events/a.json": Self.schema, "events/b.json": second, "codelists/SHELF.json": Self.shelf,
            "models/zz_lent.sql": "select 1", "models/README.md": "no model",
        ]
        let catalogue = try withFolder(files) { try Catalogue.bundled(extra: [$0]) }
        #expect(catalogue.types["library.book_lent"]?.version == 2)
        #expect(catalogue.versions["library.book_lent"]?.keys.sorted() == [1, 2])
        #expect(catalogue.modelFiles.last?.lastPathComponent == "zz_lent.sql")
        #expect(!catalogue.modelFiles.contains { $0.pathExtension == "md" })
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var from: String
        var to: String
        var pointer: String
    }

    static let faults = [
        Fault(
            testDescription: "a misspelt annotation", from: "\"x-sensitivity\": \"personal\"",
            to: "\"x-sensitivty\": \"personal\"", pointer: "/properties/reader/x-sensitivty"),
        Fault(
            testDescription: "a field without sensitivity", from: "\"x-sensitivity\": \"personal\",", to: "",
            pointer: "/properties/reader"),
        Fault(
            testDescription: "a keyword outside the subset", from: "\"maxLength\": 80",
            to: "\"pattern\": \".*\"",
            pointer: "/properties/reader/pattern"),
        Fault(
            testDescription: "a text without a limit", from: "\"maxLength\": 80, ", to: "",
            pointer: "/properties/reader"),
        Fault(
            testDescription: "a code list that does not exist", from: "\"SHELF\"", to: "\"SHELVES\"",
            pointer: "/properties/shelf/x-codes"),
        Fault(
            testDescription: "a condition on an unknown field", from: "{\"overdue\": [true]}",
            to: "{\"late\": [true]}",
            pointer: "/x-lane/except/0/when/late"),
        Fault(
            testDescription: "a label in one language", from: "{\"id\": \"Rak\", \"en\": \"Shelf\"}",
            to: "{\"id\": \"Rak\"}",
            pointer: "/properties/shelf/x-label"),
        Fault(
            testDescription: "a reserved name", from: "\"reader\"", to: "\"personal\"",
            pointer: "/properties/personal"),
        Fault(
            testDescription: "a required field that is none", from: "\"lent_on\", \"shelf\"]",
            to: "\"lent_on\", \"self\"]",
            pointer: "/required/2"),
        Fault(
            testDescription: "no version", from: "simpul:library.book_lent/1", to: "simpul:library.book_lent",
            pointer: "/$id"),
        Fault(
            testDescription: "another dialect", from: "draft/2020-12", to: "draft/2019-09",
            pointer: "/$schema"),
    ]

    @Test("refuses what is outside the subset, naming the file and the place", arguments: faults)
    func refusals(_ fault: Fault) throws {
        let broken = Self.schema.replacing(fault.from, with: fault.to)
        try #require(broken != Self.schema)
        let files = ["events/broken.json": broken, "codelists/SHELF.json": Self.shelf]
        let error = try withFolder(files) { folder in
            #expect(throws: CatalogueError.self) { try Catalogue.bundled(extra: [folder]) }
        }
        #expect(error?.file.hasSuffix("events/broken.json") == true)
        #expect(error?.pointer == fault.pointer)
        #expect(error?.fix.isEmpty == false)
    }

    @Test("refuses a file that is no strict JSON, with the byte")
    func notJSON() throws {
        let error = try withFolder(["events/broken.json": "{\"a\":1,\"a\":2}"]) { folder in
            #expect(throws: CatalogueError.self) { try Catalogue.bundled(extra: [folder]) }
        }
        #expect(error?.what.contains("byte 7") == true)
    }

    @Test("says when a folder does not exist")
    func missingFolder() {
        let folder = URL(filePath: "/nonexistent/catalogue")
        #expect(throws: CatalogueError.self) { try Catalogue.load(folders: [folder]) }
    }
}
