import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// One row of `log`: where a log stands here.
struct LogState {
    /// Nil until the log's first line is stored.
    var id: Int64?
    let name: LogName
    var edge: TreeEdge
    var note: String
    var noteSize: Int64
    var proof: [Hash]
    /// Where it leaves the line of descent that was met first; nil for that one.
    var branch: BranchName?
    /// The row that holds the lines before the fork.
    var base: Int64?

    var size: Int64 { edge.size }
    var row: TableRow { TableRow(log: name, size: size, root: edge.root) }
    /// The lowest sequence whose line stands under this row's own number.
    var firstOwn: Int64 { branch?.fork ?? 0 }

    private var storedName: String { branch.map { "\(name)~\($0.fork):\($0.leaf.hex)" } ?? name.description }

    /// Lines a log can hold: `line.id` keeps the sequence in its low 40 bits.
    static let sequenceBits: Int64 = 40

    static func lineID(_ log: Int64, _ sequence: Int64) -> Int64 { log << sequenceBits | sequence }

    private static let columns = "id, edge, note, noteSize, proof, fork, leaf, base"

    /// The line of descent that was met first.
    static func fetch(_ db: Database, _ name: LogName) throws -> LogState {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM log WHERE name = ?")
        guard let row = try Row.fetchOne(statement, arguments: [name.description]) else {
            return LogState(id: nil, name: name, edge: TreeEdge(), note: "", noteSize: 0, proof: [])
        }
        return try LogState(row, name: name)
    }

    /// All lines of descent of a log, the one met first before its branches, and each after its base.
    static func fetchAll(_ db: Database, _ name: LogName) throws -> [LogState] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM log WHERE name = ?1 OR main = ?1 ORDER BY id")
        return try Row.fetchAll(statement, arguments: [name.description]).map { try LogState($0, name: name) }
    }

    private init(_ row: Row, name: LogName) throws {
        let bytes: Data = row["edge"]
        guard let edge = TreeEdge([UInt8](bytes)) else {
            throw StoreError.invalid("the stored tree edge of \(name) is damaged; run `simpul log verify`")
        }
        let proof: Data = row["proof"]
        let leaf: Data? = row["leaf"]
        self.init(
            id: row["id"], name: name, edge: edge, note: row["note"], noteSize: row["noteSize"],
            proof: Hash.list([UInt8](proof)),
            branch: leaf.flatMap { Hash([UInt8]($0)) }.map { BranchName(fork: row["fork"], leaf: $0) },
            base: row["base"])
    }

    init(
        id: Int64?, name: LogName, edge: TreeEdge, note: String, noteSize: Int64, proof: [Hash],
        branch: BranchName? = nil, base: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.edge = edge
        self.note = note
        self.noteSize = noteSize
        self.proof = proof
        self.branch = branch
        self.base = base
    }

    /// Writes the row and, when the note is exactly of this size, the checkpoint.
    mutating func save(_ db: Database, change: Int64) throws {
        let root = edge.root
        let proofBytes = Data(proof.flatMap(\.bytes))
        if let id {
            try db.cachedStatement(
                sql: """
                    UPDATE log SET size = ?, root = ?, edge = ?, note = ?, noteSize = ?, proof = ?, changed = ?
                    WHERE id = ?
                    """
            ).execute(arguments: [
                size, Data(root.bytes), Data(edge.bytes), note, noteSize, proofBytes, change, id,
            ])
        } else {
            try db.cachedStatement(
                sql: """
                    INSERT INTO log (name, node, epoch, audience, lane, size, root, edge, note, noteSize, proof, changed,
                        main, fork, leaf, base)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                storedName, name.node.description, name.epoch.description, name.audience.description,
                name.lane.description, size, Data(root.bytes), Data(edge.bytes), note, noteSize, proofBytes, change,
                branch == nil ? nil : name.description, firstOwn, branch.map { Data($0.leaf.bytes) }, base,
            ])
            id = db.lastInsertedRowID
        }
        // A log that has its row but no line yet has no checkpoint: nobody signs for nothing. Of the intake log only
        // the newest is ever asked for: it is in the row above.
        guard size > 0, noteSize == size, let id, name.lane != .intake else { return }
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO checkpoint (log, size, root, note, changed) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [id, size, Data(root.bytes), note, change])
    }
}

extension Hash {
    /// Hashes stored one after another, 32 bytes each.
    static func list(_ bytes: [UInt8]) -> [Hash] {
        stride(from: 0, to: bytes.count - bytes.count % 32, by: 32).compactMap {
            Hash(bytes[$0..<$0 + 32])
        }
    }
}
