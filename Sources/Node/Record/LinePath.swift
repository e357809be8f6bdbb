import Event
import Foundation
import Store
import Sync

/// How far a record has come: *tersimpan → di hub → di pusat → terhitung*.
public enum LineStage: Int, Sendable, Comparable, CaseIterable {
    /// Durable on this laptop.
    case saved
    /// The hub stated that it holds it.
    case atHub
    /// The centre stated that it holds it.
    case atCentre
    /// The centre's read models have taken it in.
    case counted

    public static func < (a: LineStage, b: LineStage) -> Bool { a.rawValue < b.rawValue }
}

public struct LinePath: Sendable {
    public let stage: LineStage
    /// Why it goes no further now: a code such as `unknown-type`, and a sentence when one was given.
    public let heldUp: (code: String, detail: String)?
}

/// Reads paths from receipts alone: nothing is called delivered because it was sent.
public struct LinePaths: Sendable {
    var held: [LogName: [NodeName: Int64]] = [:]
    var counted: [LogName: CountedStatement] = [:]
    var refusals: [LogName: (code: String, detail: String, size: Int64)] = [:]
    let parent: NodeName?
    let root: NodeName
    /// How far a record has come by being here at all: one that a hub holds is at the hub.
    let here: LineStage

    /// - Parameter parent: the hub, for a village; nil at the centre.
    public init(
        store: LogStore, region: RegionCode, parent: NodeName?, root: NodeName, here: LineStage = .saved
    ) throws {
        self.parent = parent
        self.root = root
        self.here = here
        for receipt in try store.receipts(atOrBelow: region) {
            switch receipt.kind {
            case .held: held[receipt.log, default: [:]][receipt.holder] = receipt.size
            case .counted where receipt.holder == root:
                guard let note = receipt.note.range(of: "\n\n") else { continue }
                counted[receipt.log] = CountedStatement(text: String(receipt.note[..<note.lowerBound]) + "\n")
            case .counted: continue
            }
        }
        for refusal in try store.refusals() { refusals[refusal.log] = (refusal.code, refusal.detail, 0) }
    }

    public func path(_ log: LogName, _ sequence: Int64) -> LinePath {
        // A count names no root; the holder's cosignature on the same lines does.
        if heldByRoot(log) > sequence, let statement = counted[log], statement.size > sequence {
            guard let reason = statement.exception(at: sequence) else { return LinePath(stage: .counted, heldUp: nil) }
            return LinePath(stage: .atCentre, heldUp: (reason, ""))
        }
        let stage = reached(log, sequence)
        guard stage < .atCentre else { return LinePath(stage: stage, heldUp: nil) }
        return LinePath(stage: stage, heldUp: refusals[log].map { (code: $0.code, detail: $0.detail) })
    }

    private func reached(_ log: LogName, _ sequence: Int64) -> LineStage {
        if heldByRoot(log) > sequence { return .atCentre }
        if heldByParent(log) > sequence { return max(here, .atHub) }
        return here
    }

    /// An author holds what it wrote, and states no receipt to itself.
    private func heldByRoot(_ log: LogName) -> Int64 { log.node == root ? .max : held[log]?[root] ?? 0 }

    private func heldByParent(_ log: LogName) -> Int64 {
        log.node == parent ? .max : parent.flatMap { held[log]?[$0] } ?? 0
    }
}

extension LinePaths {
    /// How many records of a log have come as far as each stage, and the runs that the centre holds and does not
    /// count, with the reason's code.
    public struct Tally: Sendable, Hashable {
        public var saved: Int64 = 0
        public var atHub: Int64 = 0
        public var atCentre: Int64 = 0
        public var counted: Int64 = 0
        public var exceptions: [CountedStatement.Exception] = []

        public init() {}

        public static func + (left: Tally, right: Tally) -> Tally {
            var sum = left
            sum.saved += right.saved
            sum.atHub += right.atHub
            sum.atCentre += right.atCentre
            sum.counted += right.counted
            sum.exceptions += right.exceptions
            return sum
        }
    }

    /// - Parameter size: the log's number of lines here. Each stage includes the later ones.
    public func tally(_ log: LogName, size: Int64) -> Tally {
        var tally = Tally()
        tally.saved = size
        let counted = self.counted[log]
        tally.exceptions = (counted?.exceptions ?? []).filter { $0.first < size }
        let excepted = tally.exceptions.reduce(Int64(0)) { $0 + min($1.last + 1, size) - $1.first }
        tally.counted = max(0, min(size, counted?.size ?? 0) - excepted)
        let looked = min(size, counted?.size ?? 0)
        tally.atCentre = here >= .atCentre ? size : max(looked, min(size, heldByRoot(log)))
        tally.atHub = here >= .atHub ? size : max(tally.atCentre, min(size, heldByParent(log)))
        return tally
    }
}
