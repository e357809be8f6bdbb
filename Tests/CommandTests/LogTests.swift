import Event
import Foundation
import GRDB
import Testing
import TransparencyLog

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

    @Test func `proves that a record stands in its log`() throws {
        let node = try TestNode.centre()
        try node.recordWarning("Pertama")
        let reference = try node.recordWarning("Kedua")
        try node.recordWarning("Ketiga")
        let proof = try node.json("log", "prove", reference)
        let hash = { (name: String) in try #require(proof[name]?.stringValue.flatMap { Hash(base64: $0) }) }
        let path = try (proof["proof"]?.arrayValue ?? []).map {
            try #require($0.stringValue.flatMap { Hash(base64: $0) })
        }
        let line = try #require(proof["line"]?.stringValue.flatMap { Data(base64Encoded: $0) })
        #expect(String(decoding: line, as: UTF8.self).contains("Kedua"))
        #expect(Hash.leaf(line) == (try hash("leaf")))
        #expect(
            MerkleProof.verifyInclusion(
                leaf: try hash("leaf"), index: try #require(proof["index"]?.intValue),
                size: try #require(proof["size"]?.intValue), root: try hash("root"), proof: path))
        let note = try SignedNote(parsing: try #require(proof["checkpoint"]?.stringValue))
        #expect(try Checkpoint(parsing: note.text).root == hash("root"))
    }

    @Test func `proves in a way that the independent verifier accepts`() throws {
        let node = try TestNode.centre()
        let reference = try node.recordWarning("Pertama")
        try node.recordWarning("Kedua")
        let proof = try node.run("log", "prove", reference).output
        let script = """
            import base64, json, sys
            sys.path.insert(0, sys.argv[1])
            from simpul_protocol import merkle, note
            from simpul_protocol.names import LogName
            proof = json.load(sys.stdin)
            raw = base64.b64decode
            configuration = json.load(open(sys.argv[2]))
            head = note.open_checkpoint(proof["checkpoint"], LogName.parse(proof["log"]), raw(configuration["root"]["sign"]))
            assert (head.size, head.root) == (proof["size"], raw(proof["root"]))
            assert merkle.leaf_hash(raw(proof["line"])) == raw(proof["leaf"])
            assert merkle.verify_inclusion(
                proof["index"], proof["size"], raw(proof["leaf"]), [raw(item) for item in proof["proof"]], raw(proof["root"]))
            """
        let verifier = Program.packageRoot.appending(path: "protocol/verify").path
        let result = try Program.run(
            "/usr/bin/python3", ["-c", script, verifier, node.folder + "/simpul.json"], input: proof)
        #expect(result.code == 0, "\(result.errors)")
        let store = try Program.run("/usr/bin/python3", [verifier + "/simpul_verify.py", "store", node.folder])
        #expect(store.code == 0, "\(store.output)\(store.errors)")
    }

    @Test func `proves nothing that is not here`() throws {
        let node = try TestNode.centre()
        let reference = try node.recordWarning()
        let log = try #require(reference.split(separator: "#").first)
        #expect(try node.run("log", "prove", "\(log)#99").code == 65)
        #expect(try node.run("log", "prove", String(reference.dropLast(4)) + "0000").code == 65)
        #expect(try node.run("log", "prove", "apa saja").code == 65)
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
