import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

/// One line of descent of a log: lines from 0 up to its head, of which those before a fork stand under the rows that
/// it forked from.
struct Descent {
    /// A run of its lines, and the row of `log` that they stand under.
    struct Part {
        let id: Int64
        let range: Range<Int64>
    }

    let state: LogState
    /// Gapless from 0.
    let parts: [Part]

    var size: Int64 { state.size }

    /// All lines of descent of a log; the one met first is first.
    static func all(_ db: Database, _ log: LogName) throws -> [Descent] {
        let states = try LogState.fetchAll(db, log).filter { $0.size > 0 }
        return try states.map { try Descent($0, among: states) }
    }

    /// A log's line of descent by the name it has here; nil where there is none.
    static func one(_ db: Database, _ log: LogName, _ branch: BranchName?) throws -> Descent? {
        if branch == nil {
            let state = try LogState.fetch(db, log)
            return state.size > 0 ? try Descent(state, among: []) : nil
        }
        return try all(db, log).first { $0.state.branch == branch }
    }

    private init(_ state: LogState, among states: [LogState]) throws {
        var parts: [Part] = []
        var next: LogState? = state
        var end = state.size
        while let row = next, let id = row.id {
            if row.firstOwn < end {
                parts.append(Part(id: id, range: row.firstOwn..<end))
                end = row.firstOwn
            }
            next = states.first { $0.id == row.base }
        }
        guard end == 0 else {
            throw StoreError.invalid("the lines of \(state.name) before \(end) are missing; run `simpul log verify`")
        }
        self.state = state
        self.parts = parts.reversed()
    }

    /// How many lines this and another line of descent of the log have in common.
    func shared(with other: Descent) -> Int64 {
        var common: Int64 = 0
        for (mine, theirs) in zip(parts, other.parts) {
            guard mine.id == theirs.id else { break }
            common = min(mine.range.upperBound, theirs.range.upperBound)
        }
        return common
    }

    // MARK: - Lines

    /// Calls `body` with each line of a range that is held, in order; stops where it returns false.
    func forEachLine(
        _ db: Database, in wanted: Range<Int64>, _ body: (Int64, UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        for part in parts where part.range.overlaps(wanted) {
            let range = part.range.clamped(to: wanted)
            let cursor = try Row.fetchCursor(
                db.cachedStatement(sql: "SELECT bytes FROM line WHERE id >= ? AND id < ? ORDER BY id"),
                arguments: [LogState.lineID(part.id, range.lowerBound), LogState.lineID(part.id, range.upperBound)])
            var sequence = range.lowerBound
            while let row = try cursor.next() {
                let goesOn = try row.withUnsafeData(atIndex: 0) { data in
                    try (data ?? Data()).withUnsafeBytes { try body(sequence, $0) }
                }
                guard goesOn else { return }
                sequence += 1
            }
        }
    }

    func line(_ db: Database, _ sequence: Int64) throws -> [UInt8]? {
        var line: [UInt8]?
        try forEachLine(db, in: sequence..<sequence + 1) { _, bytes in
            line = Array(bytes)
            return false
        }
        return line
    }

    // MARK: - The tree

    func leafHashes(_ db: Database, size: Int64) throws -> [Hash] {
        var hashes: [Hash] = []
        hashes.reserveCapacity(Int(size))
        try forEachLine(db, in: 0..<size) { _, bytes in
            hashes.append(Hash.leaf(bytes))
            return true
        }
        return hashes
    }

    func edge(_ db: Database, size: Int64) throws -> TreeEdge {
        if size == self.size { return state.edge }
        var edge = TreeEdge()
        for hash in try leafHashes(db, size: size) { edge.append(leaf: hash) }
        return edge
    }

    /// The root over the first `size` lines, from a stored checkpoint where there is one.
    func root(_ db: Database, size: Int64) throws -> Hash {
        if size == self.size { return state.edge.root }
        if let part = parts.first(where: { $0.range.lowerBound < size && size <= $0.range.upperBound }) {
            let stored = try Data.fetchOne(
                db.cachedStatement(sql: "SELECT root FROM checkpoint WHERE log = ? AND size = ?"),
                arguments: [part.id, size])
            if let root = stored.flatMap({ Hash([UInt8]($0)) }) { return root }
        }
        return try edge(db, size: size).root
    }

    /// Whether a row states a prefix of these lines.
    func holds(_ db: Database, _ row: TableRow) throws -> Bool {
        try row.size <= size && root(db, size: row.size) == row.root
    }
}
