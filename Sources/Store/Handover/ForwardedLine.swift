import Event
import Foundation
import GRDB
import TransparencyLog

/// A line of a log that the reader does not hold, handed on inside a line of a hub or the centre, with the proof that
/// it is what its author wrote (`protocol/12-changing-hands.md`).
struct ForwardedLine {
    static let type = "dossier.forwarded"
    private static let mostHeads = 64

    /// A signed head of the log, and the path from the line to it.
    private struct Head {
        let note: SignedNote
        let checkpoint: Checkpoint
        let path: [Hash]
    }

    let log: LogName
    let sequence: Int64
    let bytes: [UInt8]
    let event: EventLine
    private let heads: [Head]

    var leaf: Hash { Hash.leaf(bytes) }

    /// Nil for what has not the form of one, or does not say itself where it stands.
    init?(data: JSON) {
        guard let proof = data["proof"], proof["proof"]?.stringValue == "inclusion",
            let name = proof["log"]?.stringValue, let log = try? LogName(name), log.audience.region != nil,
            let sequence = proof["sequence"]?.intValue, sequence >= 0,
            let bytes = proof["line"]?.stringValue.flatMap({ Base64.decode($0) }),
            let event = try? EventLine(parsing: bytes), event.source == log, event.sequence == sequence,
            // Carried once: what carries is never carried.
            event.type != Self.type
        else { return nil }
        let held = (proof["held"]?.arrayValue ?? []).prefix(Self.mostHeads).map { ($0["note"], $0["path"]) }
        heads = ([(proof["checkpoint"], proof["path"])] + held).compactMap { note, path in
            guard let note = note?.stringValue.flatMap({ try? SignedNote(parsing: $0) }),
                let checkpoint = try? Checkpoint(parsing: note.text)
            else { return nil }
            let hashes = (path?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { Hash(base64: $0) } }
            return Head(note: note, checkpoint: checkpoint, path: hashes)
        }
        self.log = log
        self.sequence = sequence
        self.bytes = bytes
        self.event = event
    }

    /// The line in a stored one that carries it; nil where that is any other.
    init?(carrier bytes: [UInt8]) {
        guard let line = try? EventLine(parsing: bytes), line.type == Self.type else { return nil }
        self.init(data: line.data)
    }

    /// Whether it stands in its log by a head that its author signed, or that a known hub or the centre cosigned.
    func isProved(_ db: Database) throws -> Bool {
        for head in heads where head.checkpoint.origin == log.origin {
            let leads = MerkleProof.verifyInclusion(
                leaf: leaf, index: sequence, size: head.checkpoint.size, root: head.checkpoint.root, proof: head.path)
            if leads, try isSigned(head.note, db) { return true }
        }
        return false
    }

    private func isSigned(_ note: SignedNote, _ db: Database) throws -> Bool {
        if let author = try LogStore.enrolment(db, node: log.node, epoch: log.epoch)?.enrolment,
            let verifier = try? NoteVerifier(name: log.origin, publicKey: [UInt8](author.sign)), verifier.verify(note)
        {
            return true
        }
        for signature in note.signatures {
            let parts = signature.name.split(separator: "/")
            guard parts.count == 3, let node = try? NodeName(String(parts[1])),
                let epoch = try? Epoch(String(parts[2])),
                let holder = try LogStore.enrolment(db, node: node, epoch: epoch)?.enrolment, holder.role != .village,
                log.inScope(of: holder.region),
                let verifier = try? NoteVerifier(name: signature.name, publicKey: [UInt8](holder.sign))
            else { continue }
            if verifier.verifyCosignature(note) != nil { return true }
        }
        return false
    }
}
