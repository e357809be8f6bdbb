import Event
import Foundation
import GRDB
import TransparencyLog

/// Where an appended line stands.
public struct AppendedLine: Sendable {
    public let reference: LineReference
    public let bytes: [UInt8]
}

/// The next free place of a log, given to the maker of a line.
public struct LinePlace: Sendable {
    public let log: LogName
    public let sequence: Int64
    /// After every reading this node has given or taken up.
    public let hybridTime: HybridTimestamp
}

extension LogStore {
    /// Appends lines to this node's own logs in one durable transaction.
    ///
    /// - Parameter wall: the wall clock in milliseconds since 1970; the hybrid clock never goes back with it.
    /// - Parameter entries: for each line the log it goes to and a maker which gets its place and returns its bytes.
    /// - Returns: the lines in order. When this returns they survive power loss; when it throws none is stored.
    @discardableResult
    public func append(
        wall: Int64, _ entries: [(log: LogName, make: (LinePlace) throws -> [UInt8])]
    ) throws -> [AppendedLine] {
        CrashPoint.beforeAppend.reach()
        let appended = try database.write { db in
            try Self.refuseWhileHolding(db)
            let change = try Self.nextChange(db)
            var clock = try Self.clock(db)
            var states: [LogName: LogState] = [:]
            var runs: [LogName: ClosedRange<Int64>] = [:]
            var order: [LogName] = []
            var appended: [AppendedLine] = []
            let inserter = try LineInserter(db)
            for entry in entries {
                guard entry.log.node == signer.node, entry.log.epoch == signer.epoch else {
                    throw StoreError.invalid("\(entry.log) is not a log of this node and epoch; it has one writer")
                }
                var state = try states[entry.log] ?? LogState.fetch(db, entry.log)
                if state.id == nil { try state.save(db, change: change) }
                let place = LinePlace(
                    log: entry.log, sequence: state.size, hybridTime: clock.now(wall: wall))
                let bytes = try entry.make(place)
                try Self.insert(bytes, at: place.sequence, into: &state, inserter)
                let hash = Hash.leaf(bytes)
                appended.append(
                    AppendedLine(
                        reference: try LineReference(log: entry.log, sequence: place.sequence, leafHash: hash.bytes),
                        bytes: bytes))
                if let run = runs[entry.log] {
                    runs[entry.log] = run.lowerBound...place.sequence
                } else {
                    runs[entry.log] = place.sequence...place.sequence
                    order.append(entry.log)
                }
                states[entry.log] = state
            }
            try Self.save(clock, db)
            for log in order {
                guard var state = states[log], let run = runs[log] else { continue }
                try sign(&state)
                try state.save(db, change: change)
                let lines = appended.filter { $0.reference.log == log }.map { $0.bytes[...] }
                let author = try authors.author(of: log) {
                    try Self.enrolment(db, node: log.node, epoch: log.epoch)?.enrolment
                }
                if let author {
                    try applyControlLines(
                        db, log: log, id: state.id ?? 0, author: author, first: run.lowerBound, lines: lines,
                        change: change)
                }
                try recordIntake(db, log: log, run: run, change: change)
            }
            return appended
        }
        CrashPoint.afterCommit.reach()
        return appended
    }

    static func insert(
        _ bytes: [UInt8], at sequence: Int64, into state: inout LogState, _ inserter: borrowing LineInserter
    ) throws {
        guard let id = state.id else { throw StoreError.invalid("the log \(state.name) has no row yet") }
        guard !bytes.isEmpty, bytes.count <= 65_536, !bytes.contains(UInt8(ascii: "\n")) else {
            throw StoreError.invalid(
                "a line has 1 to 65,536 bytes and no newline; this one has \(bytes.count). Shorten the longest field.")
        }
        try bytes.withUnsafeBytes { try inserter.insert(id: LogState.lineID(id, sequence), bytes: $0) }
        state.edge.append(leaf: Hash.leaf(bytes))
    }

    func sign(_ state: inout LogState) throws {
        state.note = try signer.checkpoint(state.name, size: state.size, root: state.edge.root)
        state.noteSize = state.size
        state.proof = []
    }
}
