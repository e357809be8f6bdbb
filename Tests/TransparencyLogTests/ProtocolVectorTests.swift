import Event
import Foundation
import Testing

@testable import TransparencyLog

/// The vectors that every implementation of the protocol has to agree with: see protocol/02-log.md and 05-receipts.md.
@Suite struct ProtocolVectorTests {
    @Test func treesAndProofsAreAsThePublishedVectorsSay() throws {
        let file = try vectors("merkle")
        let lines = try #require(file["lines"]?.arrayValue).map {
            try #require(Base64.decode($0.stringValue ?? "?"))
        }
        let leaves = lines.map { Hash.leaf($0) }
        let cases = try #require(file["cases"]?.arrayValue)
        #expect(cases.count > 30)
        for vector in cases {
            let name = Comment(rawValue: try vector.text("name"))
            switch try vector.text("kind") {
            case "root":
                var edge = TreeEdge()
                edge.append(contentsOf: leaves.prefix(Int(try vector.integer("size"))))
                #expect(edge.root.base64 == (try vector.text("root")), name)
                #expect(edge.hashes == (try vector.hashes("peaks")), name)
            case "inclusion":
                let holds = MerkleProof.verifyInclusion(
                    leaf: try vector.hash("leaf"), index: try vector.integer("index"),
                    size: try vector.integer("size"), root: try vector.hash("root"),
                    proof: try vector.hashes("proof"))
                #expect(holds == vector["valid"]?.boolValue, name)
            case "consistency":
                let holds = MerkleProof.verifyConsistency(
                    from: try vector.integer("first"), root: try vector.hash("first_root"),
                    to: try vector.integer("second"), root: try vector.hash("second_root"),
                    proof: try vector.hashes("proof"))
                #expect(holds == vector["valid"]?.boolValue, name)
            case let other: Issue.record("unknown kind \(other) in \(name)")
            }
        }
    }

    @Test func checkpointsAreTakenAndRefusedAsThePublishedVectorsSay() throws {
        let file = try vectors("checkpoints")
        let origin = "simpul/" + (try file.text("log"))
        let verifier = try NoteVerifier(
            name: origin, publicKey: try #require(Base64.decode(try file.text("key"))))
        let cases = try #require(file["cases"]?.arrayValue)
        #expect(cases.count > 20)
        for vector in cases {
            let name = Comment(rawValue: try vector.text("name"))
            do {
                let note = try SignedNote(parsing: try vector.text("note"))
                let checkpoint = try Checkpoint(parsing: note.text)
                guard checkpoint.origin == origin else {
                    #expect(vector["error"] == "bad-checkpoint", name)
                    continue
                }
                guard verifier.verify(note) else {
                    #expect(vector["error"] == "bad-signature", name)
                    continue
                }
                #expect(vector["valid"] == true, name)
                #expect(checkpoint.size == vector["size"]?.intValue, name)
                #expect(checkpoint.root.base64 == vector["root"]?.stringValue, name)
                #expect(note.description == vector["note"]?.stringValue, name)
            } catch is NoteError {
                #expect(vector["error"] == "bad-checkpoint", name)
            }
        }
    }

    @Test func receiptsAreTakenAndRefusedAsThePublishedVectorsSay() throws {
        let file = try vectors("receipts")
        let verifier = try NoteVerifier(
            name: try file.text("holder"), publicKey: try #require(Base64.decode(try file.text("key"))))
        let cases = try #require(file["cases"]?.arrayValue)
        #expect(cases.count > 10)
        for vector in cases {
            let name = Comment(rawValue: try vector.text("name"))
            // What a receipt's text must say is a matter of the Sync module; here, who signed it and when.
            guard let note = try? SignedNote(parsing: try vector.text("note")) else {
                #expect(vector["error"] == "bad-receipt", name)
                continue
            }
            let isHeld = try vector.text("receipt") == "held"
            if vector["valid"] == true {
                #expect(isHeld ? verifier.verifyCosignature(note) != nil : verifier.verify(note), name)
                let time = verifier.verifyCosignature(note).map { JSON.int(Int64($0)) }
                if isHeld { #expect(time == vector["time"], name) }
            } else if vector["error"] == "bad-signature" {
                #expect(isHeld ? verifier.verifyCosignature(note) == nil : !verifier.verify(note), name)
            }
        }
    }

    private func vectors(_ file: String) throws -> JSON {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try JSON.parse(
            try Data(contentsOf: root.appending(path: "protocol/vectors/\(file).json")), limits: .document)
    }
}

extension JSON {
    fileprivate func text(_ key: String) throws -> String {
        try #require(self[key]?.stringValue, "no text “\(key)”")
    }

    fileprivate func integer(_ key: String) throws -> Int64 {
        try #require(self[key]?.intValue, "no integer “\(key)”")
    }

    fileprivate func hash(_ key: String) throws -> Hash {
        try #require(Hash(base64: try text(key)), "no hash “\(key)”")
    }

    fileprivate func hashes(_ key: String) throws -> [Hash] {
        try #require(self[key]?.arrayValue, "no list “\(key)”").map { item in
            try #require(Hash(base64: item.stringValue ?? "?"), "no hash in “\(key)”")
        }
    }
}
