import Event
import Sync
import TransparencyLog

/// A frame of whose parts is known what can be known without the store: its author, that the checkpoint is the
/// author's, and the hashes of its lines.
///
/// That is most of the work of receiving, done before the one writer of the database is asked for.
struct CheckedFrame {
    let frame: LinesFrame
    let author: Enrolment
    let checkpoint: Checkpoint
    /// Leaf hash of each line.
    let leaves: [Hash]

    /// - Throws: `FrameError` for a frame that is refused.
    init(_ frame: LinesFrame, author: Enrolment) throws {
        guard case .region(let audience) = frame.log.audience, audience.isAtOrBelow(author.region) else {
            throw FrameError(
                .outOfScope,
                "\(frame.log.node) is enrolled for \(author.region) and may not write for \(frame.log.audience)")
        }
        self.frame = frame
        self.author = author
        checkpoint = try Self.verifiedCheckpoint(frame, author: author)
        leaves = frame.content.withUnsafeBytes { content in
            frame.ranges.map { Hash.leaf(UnsafeRawBufferPointer(rebasing: content[$0])) }
        }
    }

    /// Whether lines that give `root` at the frame's end are what the checkpoint is about.
    func fits(root: Hash) -> Bool {
        checkpoint.size == frame.end
            ? root == checkpoint.root
            : MerkleProof.verifyConsistency(
                from: frame.end, root: root, to: checkpoint.size, root: checkpoint.root, proof: frame.proof)
    }

    /// The frame's checkpoint, its origin and signature checked.
    private static func verifiedCheckpoint(_ frame: LinesFrame, author: Enrolment) throws -> Checkpoint {
        let note: SignedNote
        let checkpoint: Checkpoint
        do {
            note = try SignedNote(parsing: frame.note)
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            throw FrameError(.badCheckpoint, "the checkpoint of \(frame.log) cannot be read: \(error)")
        }
        guard checkpoint.origin == frame.log.origin else {
            throw FrameError(.badCheckpoint, "the checkpoint is of \(checkpoint.origin), the frame of \(frame.log)")
        }
        guard checkpoint.size >= frame.end else {
            throw FrameError(
                .badCheckpoint, "the checkpoint covers \(checkpoint.size) lines, the frame ends at \(frame.end)")
        }
        let verifier = try NoteVerifier(name: frame.log.origin, publicKey: [UInt8](author.sign))
        guard verifier.verify(note) else {
            throw FrameError(.badSignature, "the checkpoint of \(frame.log) is not signed by the key of its author")
        }
        return checkpoint
    }
}
