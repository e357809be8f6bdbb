import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// Recomputes one log from its lines alone and compares all that is stored about it.
struct LogAudit {
    private let row: Row
    private let name: LogName
    private let author: NoteVerifier?
    private(set) var findings: [AuditFinding] = []
    private(set) var checkpoints = 0
    /// Roots that receipts speak of, by size.
    private(set) var roots: [Int64: Hash] = [:]

    /// - Parameter row: id, name, size, root, edge, note, noteSize and proof of the log.
    init(row: Row, name: LogName, author: Enrolment?) {
        self.row = row
        self.name = name
        self.author = author.flatMap { try? NoteVerifier(name: name.origin, publicKey: [UInt8]($0.sign)) }
    }

    var id: Int64 { row["id"] }
    var size: Int64 { row["size"] }

    /// - Parameter wanted: sizes whose roots are needed afterwards.
    mutating func run(_ db: Database, rootsAt wanted: Set<Int64>) throws {
        if author == nil { add(.unknownAuthor) }
        let edge = try walk(db, wanted)
        compare(edge)
        checkNewest(edge)
    }

    // MARK: - Lines

    private mutating func walk(_ db: Database, _ wanted: Set<Int64>) throws -> TreeEdge {
        // What a branch has in common with the history that it forks from is judged there.
        let fork: Int64 = row["fork"]
        var shared: TreeEdge?
        if row["main"] != nil, let descent = try Descent.all(db, name).first(where: { $0.state.id == id }) {
            shared = try descent.edge(db, size: fork)
        }
        var marks = try Row.fetchAll(
            db, sql: "SELECT size, root, note FROM checkpoint WHERE log = ? ORDER BY size DESC", arguments: [id])
        var edge = shared ?? TreeEdge()
        var sound: Int64 = edge.size
        var isChanged = false
        var missing = false
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT id, bytes FROM line WHERE id >= ? AND id < ? ORDER BY id",
            arguments: [LogState.lineID(id, fork), LogState.lineID(id + 1, 0)])
        while let line = try cursor.next() {
            let sequence = (line["id"] as Int64) - LogState.lineID(id, 0)
            if sequence >= size {
                add(.surplus(first: sequence))
                break
            }
            if sequence != edge.size {
                // What follows a hole has no place in the tree, so one hole is all there is to say.
                add(.missing(first: edge.size, last: sequence - 1))
                missing = true
                break
            }
            edge.append(leaf: try line.withUnsafeData(atIndex: 1) { $0.withBytes(Hash.leaf) })
            if wanted.contains(edge.size) { roots[edge.size] = edge.root }
            while let mark = marks.last, (mark["size"] as Int64) == edge.size {
                marks.removeLast()
                let fits = check(mark, root: edge.root)
                if fits { sound = edge.size }
                if !fits, !isChanged {
                    isChanged = true
                    add(.changed(first: sound, last: edge.size - 1))
                }
            }
        }
        if edge.size < size, !missing { add(.missing(first: edge.size, last: size - 1)) }
        // Checkpoints of sizes that no run of lines here has.
        if edge.size == size, let rest = marks.last { add(.badCheckpoint(size: rest["size"])) }
        return edge
    }

    /// Whether a stored checkpoint is about this root. Its signature is judged apart.
    private mutating func check(_ mark: Row, root: Hash) -> Bool {
        checkpoints += 1
        let size: Int64 = mark["size"]
        guard let signed = opened(mark["note"]), signed.size == size else {
            add(.badCheckpoint(size: size))
            return true
        }
        return signed.root == root
    }

    // MARK: - What is stored about them

    private mutating func compare(_ edge: TreeEdge) {
        guard edge.size == size else { return }
        let stored: Data = row["root"]
        let storedEdge: Data = row["edge"]
        if !stored.elementsEqual(edge.root.bytes) || !storedEdge.elementsEqual(edge.bytes) { add(.rootDiffers) }
    }

    private mutating func checkNewest(_ edge: TreeEdge) {
        let noteSize: Int64 = row["noteSize"]
        checkpoints += 1
        guard let signed = opened(row["note"]), signed.size == noteSize else {
            add(.badCheckpoint(size: noteSize))
            return
        }
        guard edge.size == size, !findings.contains(where: \.isAboutLines) else { return }
        let proof: Data = row["proof"]
        let follows = MerkleProof.verifyConsistency(
            from: size, root: edge.root, to: signed.size, root: signed.root, proof: Hash.list([UInt8](proof)))
        if !follows { add(.notConsistent(size: signed.size)) }
    }

    /// The checkpoint of a note that the author signed, or nil.
    private func opened(_ text: String) -> Checkpoint? {
        guard let note = try? SignedNote(parsing: text), let checkpoint = try? Checkpoint(parsing: note.text),
            checkpoint.origin == name.origin
        else { return nil }
        // Without a key there is nothing to verify against; that finding is made once, for the whole log.
        guard let author else { return checkpoint }
        return author.verify(note) ? checkpoint : nil
    }

    private mutating func add(_ fault: AuditFinding.Fault) {
        findings.append(AuditFinding(log: name.description, fault: fault))
    }
}

extension AuditFinding {
    fileprivate var isAboutLines: Bool {
        switch fault {
        case .missing, .surplus, .changed: true
        default: false
        }
    }
}

extension Data? {
    /// The bytes of a column that is never null, without a copy.
    fileprivate func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
        guard let self else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return self.withUnsafeBytes(body)
    }
}
