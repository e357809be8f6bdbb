import Event
import Foundation
import GRDB
import Testing

@Suite struct `simpul log` {
    @Test func `verifies what it wrote`() throws {
        let node = try TestNode.centre()
        for number in 1...5 { try node.recordWarning("Nomor \(number)") }
        let result = try node.run("log", "verify")
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("12 baris dalam 2 log"))
    }

    @Test func `finds a flipped bit and says where`() throws {
        let node = try TestNode.centre()
        for number in 1...5 { try node.recordWarning("Nomor \(number)") }
        try node.tamper("UPDATE line SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Nomor 3', 'Nomor 7') AS BLOB)")
        let result = try node.run("log", "verify", "--english")
        #expect(result.code == 65)
        #expect(result.output.contains("lines 3–3 are not those that their author signed"), "\(result.output)")
        let report = try JSON.parse(Array(try node.run("log", "verify", "--json").output.utf8), limits: .document)
        #expect(report["sound"] == false)
    }

    @Test(arguments: [
        ("DELETE FROM line WHERE id = (SELECT id << 40 | 2 FROM log WHERE lane = 'main')", "lines 2–2 are missing"),
        ("UPDATE log SET root = zeroblob(32) WHERE lane = 'main'", "root"),
        ("UPDATE log SET size = 3 WHERE lane = 'main'", "beyond"),
        ("UPDATE log SET note = replace(note, 'main', 'mein') WHERE lane = 'main'", "not signed by the author"),
        ("UPDATE enrolment SET sign = randomblob(32)", "not signed by the author"),
        ("DELETE FROM line WHERE id = (SELECT id << 40 | 4 FROM log WHERE lane = 'intake')", "missing"),
    ])
    func `finds what was changed behind its back`(change: String, words: String) throws {
        let node = try TestNode.centre()
        for number in 1...4 { try node.recordWarning("Nomor \(number)") }
        try node.tamper(change)
        let result = try node.run("log", "verify", "--english")
        #expect(result.code == 65)
        #expect(result.output.contains(words), "\(result.output)")
    }

    @Test func `lists and shows`() throws {
        let node = try TestNode.centre()
        try node.recordWarning()
        #expect(try node.run("log", "list").lines.count == 2)
        let shown = try node.run("log", "show", "main")
        #expect(shown.output.contains("warning.published"))
        #expect(shown.output.contains("di pusat"))
        let nothing = try node.run("log", "show", "lontar")
        #expect(nothing.code == 65)
        #expect(nothing.errors.contains("simpul log list"))
    }
}
