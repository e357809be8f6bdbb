import Event
import Foundation
import Testing

/// Testimony that only a named office reads, by the real command.
@Suite struct `sealed testimony` {
    private static let secret = "Kenanga Melati"

    private static func testimony(_ more: String = "") -> String {
        #"{"taken_at":"2026-08-14T16:10:00+07:00","interview_setting":"safe","text":"\#(secret) ditahan\#(more)."}"#
    }

    private struct World {
        private static let words = ["ladang padi di pagi hari", "perahu biru tanpa layar"]

        let centre: TestServer
        let village: TestNode

        init() throws {
            centre = try TestServer()
            village = try centre.village()
        }

        var scratch: Scratch { centre.node.scratch }

        /// An office with a key for two people, published for Banten; its key file.
        @discardableResult
        func office(_ number: Int = 1, people: Int = 2) throws -> String {
            let file = scratch.path + "/satgas-\(number).key"
            let made = try Program.run(
                ["office", "make", "satgas-banten", "--number", "\(number)", "--out", file]
                    + (people == 2 ? ["--two-people"] : []) + passphrases(people), folder: village.folder)
            try #require(made.code == 0, "\(made.errors)")
            let published = try centre.node.run(
                "office", "publish", "satgas-banten", "--number", "\(number)", "--public-key", made.lines[0],
                "--region", "36", "--title", "Satgas TPPO Banten", "--two-people")
            try #require(published.code == 0, "\(published.errors)")
            return file
        }

        func passphrases(_ people: Int) throws -> [String] {
            try (0..<people).flatMap { ["--passphrase-file", try scratch.file("words-\($0)", Self.words[$0] + "\n")] }
        }

        func open(_ reference: String, _ key: String, _ more: [String]) throws -> Program.Result {
            try Program.run(
                ["open-sealed", reference, "--key", key, "--reason", "penyidikan 12/2026", "--actor", "so-1"] + more,
                folder: centre.node.folder)
        }
    }

    @Test func `only the office reads it, two people at once, and each opening is a line`() throws {
        let world = try World()
        let key = try world.office()
        let early = try world.village.run("record", "testimony.sealed", "--json", "-", input: Self.testimony())
        #expect(early.code == 65)
        #expect(early.errors.contains("sync first"))
        #expect(try world.village.run("sync").code == 0)
        let reference = try world.village.record("testimony.sealed", Self.testimony())
        #expect(try world.village.run("sync").code == 0)

        // Nobody else: no file of village or centre has it, and the record is there all the same.
        for folder in [world.village.folder, world.centre.node.folder] {
            let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
            for file in files {
                let data = FileManager.default.contents(atPath: folder + "/" + file) ?? Data()
                #expect(data.range(of: Data("Kenanga".utf8)) == nil, "\(file)")
            }
        }
        let shown = try world.centre.node.run("log", "show", "lontar-a/", "--json").output
        #expect(shown.contains("testimony.sealed") && shown.contains("satgas-banten/1"))
        #expect(!shown.contains("interview_setting"), "what is sealed is sealed whole")

        let both = try world.passphrases(2)
        let alone = try world.open(reference, key, Array(both.prefix(2)))
        #expect(alone.code == 77)
        let same = try world.open(reference, key, both + ["--second", "so-1"])
        #expect(same.code == 65)
        let swapped = try world.open(reference, key, [both[0], both[3], both[2], both[1], "--second", "so-2"])
        #expect(swapped.code == 77)
        #expect(!(try world.centre.node.run("log", "show", "pusat/", "--json").output).contains("sealed.opened"))
        let opened = try world.open(reference, key, both + ["--second", "so-2"])
        #expect(opened.code == 0, "\(opened.errors)")
        #expect(
            try JSON.parse(Array(opened.output.utf8), limits: .document)["text"]?.stringValue
                == "\(Self.secret) ditahan.")
        let trail = try world.centre.node.run("log", "show", "pusat/", "--json").output
        #expect(trail.contains("sealed.opened") && trail.contains("so-2") && trail.contains("penyidikan 12/2026"))
        #expect(!trail.contains("Kenanga"))
    }

    @Test func `its size says little`() throws {
        let world = try World()
        try world.office(people: 1)
        #expect(try world.village.run("sync").code == 0)
        for more in ["", String(repeating: " lagi", count: 100)] {
            try world.village.record("testimony.sealed", Self.testimony(more))
        }
        let sizes = try world.village.run("log", "show", "lontar-a/", "--type", "testimony.sealed", "--json").lines
            .map(\.utf8.count)
        #expect(sizes.count == 2 && Set(sizes).count == 1, "\(sizes)")
    }

    @Test func `a next key takes over, the old one still opens what was sealed for it`() throws {
        let world = try World()
        let first = try world.office(1, people: 1)
        #expect(try world.village.run("sync").code == 0)
        let old = try world.village.record("testimony.sealed", Self.testimony())
        let second = try world.office(2, people: 1)
        #expect(
            try world.centre.node.run("office", "revoke", "satgas-banten", "--number", "1", "--reason", "rotasi").code
                == 0)
        #expect(try world.village.run("sync").code == 0)
        let new = try world.village.record("testimony.sealed", Self.testimony())
        #expect(try world.village.run("sync").code == 0)
        let one = try world.passphrases(1)
        #expect(try world.open(old, first, one).code == 0)
        #expect(try world.open(new, second, one).code == 0)
        #expect(try world.open(new, first, one).code == 77)
        #expect(try world.open(old, second, one).code == 77)
        #expect(
            try world.centre.node.run("office", "revoke", "satgas-banten", "--number", "2", "--reason", "bocor").code
                == 0)
        #expect(try world.village.run("sync").code == 0)
        let none = try world.village.run("record", "testimony.sealed", "--json", "-", input: Self.testimony())
        #expect(none.code == 65)
    }

    @Test func `what was sealed cannot be corrected in plain`() throws {
        let world = try World()
        try world.office(people: 1)
        #expect(try world.village.run("sync").code == 0)
        let reference = try world.village.record("testimony.sealed", Self.testimony())
        let patch = #"{"target":"\#(reference)","reason":"typo","patch":{"text":"\#(Self.secret)"}}"#
        let subject = try #require(
            JSON.parse(
                Array(
                    try world.village.run("log", "show", "lontar-a/", "--type", "testimony.sealed", "--json").lines[0]
                        .utf8)
            )["subject"]?.stringValue)
        let refused = try world.village.run(
            "record", "record.corrected", "--subject", subject, "--json", "-", input: patch)
        #expect(refused.code == 65, "\(refused.output)")
        #expect(refused.errors.contains("sealed cannot be corrected"), "\(refused.errors)")
    }

    @Test func `figures tell of five or more, in steps of five`() throws {
        let world = try World()
        try world.office(people: 1)
        #expect(try world.village.run("sync").code == 0)
        func counts() throws -> [String] {
            #expect(try world.village.run("sync").code == 0)
            let asked = try world.centre.node.run("query", "sealed_counts", "--format", "ndjson")
            #expect(asked.code == 0, "\(asked.errors)")
            return asked.lines.filter { $0.contains("at_least") && $0.contains("36.04") }
        }
        for _ in 0..<4 { try world.village.record("testimony.sealed", Self.testimony()) }
        #expect(try counts().isEmpty)
        for _ in 0..<3 { try world.village.record("testimony.sealed", Self.testimony()) }
        let rows = try counts()
        #expect(rows.count == 1 && rows[0].contains(#""at_least":5"#), "\(rows)")
    }
}
