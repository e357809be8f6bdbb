import Catalogue
import Event
import Foundation
import Testing

@Suite("Fixtures")
struct FixtureTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../fixtures").standardizedFileURL
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.bundled()
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOf: Self.folder.appending(path: path), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// `@name` stands for a reference that is only known when the story is played.
    private func resolved(_ data: JSON) -> JSON {
        let log = "lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4"
        return .object(
            (data.objectValue ?? []).map { member in
                guard member.value.stringValue?.hasPrefix("@") == true else { return member }
                return JSONMember(member.key, .string("\(log)#0~\(String(repeating: "a", count: 64))"))
            })
    }

    @Test("every record of the story is valid and names its type's subject")
    func storyIsValid() throws {
        let story = try lines("demo/story.ndjson")
        #expect((120...220).contains(story.count))
        var moments: [Int64] = []
        for line in story {
            let step = try JSON.parse(line.utf8, limits: .document)
            let type = try #require(catalogue.types[step["type"]?.stringValue ?? ""])
            let data = resolved(try #require(step["data"]))
            #expect(type.validate(data, today: "2026-10-14").isEmpty, "\(line)")
            #expect(type.subject.field == nil || type.subject(in: data) == step["subject"]?.stringValue)
            #expect(data.objectValue?.allSatisfy { type.field($0.key) != nil } == true, "\(line)")
            moments.append(try #require(step["at"]?.stringValue.flatMap(DateTime.init)).milliseconds)
        }
        #expect(moments == moments.sorted())
    }

    @Test("the screenings of the story hold what the risk rules say")
    func screeningsAreFilledIn() throws {
        for line in try lines("demo/story.ndjson") where line.contains("\"risk.screened\"") {
            let data = try #require(try JSON.parse(line.utf8, limits: .document)["data"])
            let type = try #require(catalogue.types["risk.screened"])
            #expect(catalogue.filling(data, of: type, today: "2026-10-14") == data)
        }
    }

    @Test("every name @… of the story is the id of an earlier record")
    func referencesAreEarlier() throws {
        var known: Set<String> = []
        for line in try lines("demo/story.ndjson") {
            let step = try JSON.parse(line.utf8, limits: .document)
            for member in step["data"]?.objectValue ?? [] {
                guard let name = member.value.stringValue, name.hasPrefix("@") else { continue }
                #expect(known.contains(String(name.dropFirst())), "\(name)")
            }
            if let id = step["id"]?.stringValue { known.insert(id) }
        }
    }

    @Test(
        "each import file has exactly one row to refuse",
        arguments: ["people": "person.registered", "visits": "visit.recorded"])
    func importFiles(file: String, name: String) throws {
        let type = try #require(catalogue.types[name])
        let rows = try lines("import/\(file).csv").map(cells)
        let refused = rows.dropFirst().filter { row in
            let entries = Dictionary(zip(rows[0], row.map { [$0] }), uniquingKeysWith: { first, _ in first })
            return !type.validate(FormReader().data(for: type, from: entries)).allowSaving
        }
        #expect(refused.count == 1)
    }

    /// Enough of RFC 4180 for these files: quotes around a cell, none inside.
    private func cells(_ line: String) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}
