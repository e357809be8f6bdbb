import Event
import Foundation
import Testing

/// What a node proves, and what somebody makes of it who has the Python verifier, the keys and nothing else.
@Suite(.timeLimit(.minutes(3))) struct `simpul prove and simpul witness` {
    private static let visit = #"""
        {"household_id":"3f6c1b8e-52d7-4a90-8e1f-7b2a9c4d5e61","purpose":"first_contact","channel":"home",
         "started_at":"2026-06-03T09:15:00+07:00","met":"met"}
        """#

    /// An outsider: a folder with keys and files.
    private struct Outsider {
        let scratch: Scratch
        let keys: String

        init(keysOf node: TestNode) throws {
            scratch = try Scratch()
            keys = try scratch.file("keys.json", try node.run("nodes", "keys").output)
        }

        /// Verifies many at once.
        func verify(_ proofs: [JSON]) throws -> Program.Result {
            let files = try proofs.enumerated().map {
                try scratch.file("proof-\($0.offset).json", String(decoding: $0.element.encoded(), as: UTF8.self))
            }
            return try PythonNode.run(["proof"] + files + ["--keys", keys])
        }

        func verify(_ proof: JSON, _ more: String...) throws -> Program.Result {
            let file = try scratch.file("proof.json", String(decoding: proof.encoded(), as: UTF8.self))
            return try PythonNode.run(["proof", file, "--keys", keys] + more)
        }

        func compare(_ files: String...) throws -> Program.Result {
            try PythonNode.run(["witness"] + files + ["--keys", keys])
        }

        func witness(_ node: TestNode, _ name: String, against: String? = nil) throws -> String {
            let result = try Program.run(
                ["witness", "export"] + (against.map { ["--against", $0] } ?? []), folder: node.folder)
            try #require(result.code == 0, "\(result.errors)")
            return try scratch.file(name + ".json", result.output)
        }
    }

    private static func log(_ reference: String) throws -> String {
        String(try #require(reference.split(separator: "#").first))
    }

    @Test func `a record is proved to an outsider, with those who hold it`() throws {
        let server = try TestServer()
        let village = try server.village()
        let references = try (0..<5).map { _ in try village.record("visit.recorded", Self.visit) }
        #expect(try village.run("sync").code == 0)
        try village.record("visit.recorded", Self.visit)

        let outsider = try Outsider(keysOf: server.node)
        for (node, proved) in [(village, references[3]), (server.node, references[0])] {
            let proof = try node.json("prove", proved, "--held")
            let result = try outsider.verify(proof)
            #expect(result.code == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("line \(proved)"))
            #expect(result.output.contains("cosigned by pusat/"))
            let line = try #require(proof["line"]?.stringValue.flatMap { Data(base64Encoded: $0) })
            #expect(String(decoding: line, as: UTF8.self).contains(#""type":"visit.recorded""#))
        }
        // A key of somebody else, under the author's name, is no ground to believe it.
        let author = try #require(village.json("prove", references[3])["log"]?.stringValue).split(separator: "/")
        let foreign = "\(author[0])/\(author[2])=" + Data(repeating: 7, count: 32).base64EncodedString()
        let refused = try outsider.verify(try village.json("prove", references[3]), "--key", foreign)
        #expect(refused.code == 1)
        #expect(refused.output.contains("bad-signature"), "\(refused.output)")
    }

    @Test func `a log that grew is proved between any two of its author's sizes`() throws {
        let node = try TestNode.centre()
        let references = try (1...6).map { try node.recordWarning("Nomor \($0)") }
        let log = try Self.log(references[0])
        let outsider = try Outsider(keysOf: node)
        for (from, to) in [(1, 6), (3, 5), (4, 7), (7, 7)] {
            let result = try outsider.verify(try node.json("prove", log, "--from", "\(from)", "--to", "\(to)"))
            #expect(result.code == 0, "\(from) to \(to): \(result.output)\(result.errors)")
            #expect(result.output.contains("from \(from) lines") && result.output.contains("to \(to) lines"))
        }
        // About a checkpoint that the outsider kept from before, and about no other.
        let proof = try node.json("prove", log, "--from", "3", "--to", "7")
        let kept = try outsider.scratch.file("kept", try #require(proof["from"]?.stringValue))
        #expect(try outsider.verify(proof, "--checkpoint", kept).code == 0)
        #expect(try outsider.verify(try node.json("prove", log, "--from", "4"), "--checkpoint", kept).code == 1)
        #expect(try outsider.verify(try node.json("prove", references[1], "--to", "3"), "--checkpoint", kept).code == 0)
    }

    @Test func `a proof altered in any member is refused`() throws {
        let server = try TestServer()
        let village = try server.village()
        let references = try (0..<5).map { _ in try village.record("visit.recorded", Self.visit) }
        #expect(try village.run("sync").code == 0)
        let outsider = try Outsider(keysOf: server.node)
        let log = try Self.log(references[0])
        for proof in [
            try village.json("prove", references[2], "--held"), try village.json("prove", log, "--from", "2"),
        ] {
            #expect(try outsider.verify(proof).code == 0)
            var altered = [proof.setting("more", to: "or less")]
            for member in try #require(proof.objectValue) {
                altered += Self.alterations(of: member.value).map { proof.setting(member.key, to: $0) }
                if member.key != "held" { altered.append(proof.setting(member.key, to: nil)) }
            }
            let result = try outsider.verify(altered)
            #expect(altered.count > 20)
            #expect(result.output.contains("\n0 verified, \(altered.count) failed"), "\(result.output)")
        }
    }

    /// Other values in place of one, as small as they can be.
    private static func alterations(of value: JSON) -> [JSON] {
        switch value {
        case .int(let number): return [.int(number + 1), .int(number - 1)]
        case .string(let text):
            // One character near the middle, and one near the end, exchanged for another of the same kind.
            return [text.count / 2, text.count - 3].compactMap { place in
                guard place >= 0, place < text.count else { return nil }
                var characters = Array(text)
                characters[place] = characters[place] == "7" ? "8" : "7"
                return .string(String(characters))
            }
        case .array(let items):
            let one = items.indices.flatMap { index in
                alterations(of: items[index]).map { altered in
                    var items = items
                    items[index] = altered
                    return JSON.array(items)
                }
            }
            // A holder left out says less, and nothing false.
            let isHolders = items.first?.objectValue != nil
            return one + (isHolders || items.isEmpty ? [] : [.array(items.dropLast()), .array(items + [items[0]])])
        case .object(let members):
            return members.flatMap { member in
                alterations(of: member.value).map { value.setting(member.key, to: $0) }
            }
        default: return []
        }
    }

    @Test func `nothing is proved that is not here`() throws {
        let node = try TestNode.centre()
        let reference = try node.recordWarning()
        let log = try Self.log(reference)
        #expect(try node.run("prove", "\(log)#99").code == 65)
        #expect(try node.run("prove", String(reference.dropLast(4)) + "0000").code == 65)
        #expect(try node.run("prove", "apa saja").code == 65)
        #expect(try node.run("prove", log, "--from", "1", "--to", "99").code == 65)
        #expect(try node.run("prove", log, "--from", "2", "--to", "1").code == 65)
        #expect(try node.run("prove", reference, "--from", "1").code == 64)
    }

    @Test func `a relay proves only between heads that somebody signed, and says which there are`() throws {
        let server = try TestServer()
        let village = try server.village()
        let references = try (0..<4).map { _ in try village.record("visit.recorded", Self.visit) }
        #expect(try village.run("sync").code == 0)
        let log = try Self.log(references[0])
        let refused = try server.node.run("prove", log, "--from", "2")
        #expect(refused.code == 65)
        #expect(refused.errors.contains("there is one of 4 lines"), "\(refused.errors)")
        #expect(try server.node.run("prove", log, "--from", "4").code == 0)
    }

    @Test func `two hubs that were shown one history agree, once the larger proves that it grew`() throws {
        let centre = try TestServer()
        let serang = try centre.village("hub-serang", region: "36.04", role: "hub")
        let lebak = try centre.village("hub-lebak", region: "36.02", role: "hub")
        try centre.node.recordWarning("Pertama")
        #expect(try serang.run("sync").code == 0)
        for number in 1...3 { try centre.node.recordWarning("Nomor \(number)") }
        #expect(try lebak.run("sync").code == 0)
        let outsider = try Outsider(keysOf: centre.node)

        let first = try outsider.witness(serang, "serang")
        let alone = try outsider.compare(first, try outsider.witness(lebak, "lebak"))
        #expect(alone.code == 1)
        #expect(alone.output.contains("OPEN no-consistency: pusat/id:main/"), "\(alone.output)")

        let proved = try outsider.compare(first, try outsider.witness(lebak, "lebak", against: first))
        #expect(proved.code == 0, "\(proved.output)\(proved.errors)")
        #expect(proved.output.contains("0 without one history shown, 0 failed"))
    }

    @Test func `a centre that showed two hubs different histories is exposed by their files`() throws {
        let centre = try TestServer()
        let serang = try centre.village("hub-serang", region: "36.04", role: "hub")
        let lebak = try centre.village("hub-lebak", region: "36.02", role: "hub")
        centre.stop()
        // The same key on two disks, one for each hub to see.
        let second = TestNode(scratch: centre.node.scratch, folder: centre.node.folder + "-2")
        try FileManager.default.copyItem(atPath: centre.node.folder, toPath: second.folder)
        for number in 1...3 {
            try centre.node.recordWarning("Untuk Serang \(number)")
            try second.recordWarning("Untuk Lebak \(number)")
        }
        try second.recordWarning("Untuk Lebak saja")
        for (node, hub) in [(centre.node, serang), (second, lebak)] {
            let shown = try TestServer(node, port: centre.port)
            let synced = try hub.run("sync")
            #expect(synced.code == 0, "\(synced.errors)")
            shown.stop()
        }

        let outsider = try Outsider(keysOf: serang)
        let first = try outsider.witness(serang, "serang")
        let result = try outsider.compare(first, try outsider.witness(lebak, "lebak", against: first))
        #expect(result.code == 1)
        #expect(result.output.contains("EXPOSED two-histories: pusat/id:main/"), "\(result.output)")
        #expect(result.output.contains("signed by pusat/"))
        // Each by itself looks sound: it takes two.
        #expect(try outsider.compare(first, first).code == 0)
    }
}
