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
    var held: [HeadName: [NodeName: Int64]] = [:]
    var counted: [HeadName: CountedStatement] = [:]
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
        for (head, receipt) in try store.statements(atOrBelow: region) {
            switch receipt.kind {
            case .held: held[head, default: [:]][receipt.holder] = receipt.size
            case .counted where receipt.holder == root:
                guard let note = receipt.note.range(of: "\n\n") else { continue }
                counted[head] = CountedStatement(text: String(receipt.note[..<note.lowerBound]) + "\n")
            case .counted: continue
            }
        }
        for refusal in try store.refusals() { refusals[refusal.log] = (refusal.code, refusal.detail, 0) }
    }

    /// - Parameter branch: the history that the line is of; nil for the one met first.
    public func path(_ log: LogName, branch: BranchName? = nil, _ sequence: Int64) -> LinePath {
        let head = HeadName(log: log, branch: branch)
        if heldByRoot(head) > sequence, let statement = counted[head], statement.size > sequence {
            guard let reason = statement.exception(at: sequence) else { return LinePath(stage: .counted, heldUp: nil) }
            return LinePath(stage: .atCentre, heldUp: (reason, ""))
        }
        let stage = reached(head, sequence)
        guard stage < .atCentre else { return LinePath(stage: stage, heldUp: nil) }
        return LinePath(stage: stage, heldUp: refusals[log].map { (code: $0.code, detail: $0.detail) })
    }

    private func reached(_ head: HeadName, _ sequence: Int64) -> LineStage {
        if heldByRoot(head) > sequence { return .atCentre }
        if heldByParent(head) > sequence { return max(here, .atHub) }
        return here
    }

    /// An author holds what it wrote, and states no receipt to itself.
    private func heldByRoot(_ head: HeadName) -> Int64 {
        head.log.node == root ? .max : held[head]?[root] ?? 0
    }

    private func heldByParent(_ head: HeadName) -> Int64 {
        head.log.node == parent ? .max : parent.flatMap { held[head]?[$0] } ?? 0
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

    /// Of a log, or of the own lines of a branch. Each stage includes the later ones.
    public func tally(_ head: Head) -> Tally {
        let (name, fork) = (head.name, head.branch?.fork ?? 0)
        func own(_ reached: Int64) -> Int64 { max(0, min(head.size, reached) - fork) }
        var tally = Tally()
        tally.saved = own(head.size)
        let counted = self.counted[name]
        tally.exceptions = (counted?.exceptions ?? []).filter { $0.first < head.size && $0.last >= fork }
        let excepted = tally.exceptions.reduce(Int64(0)) { $0 + min($1.last + 1, head.size) - max($1.first, fork) }
        let looked = own(counted?.size ?? 0)
        tally.counted = max(0, looked - excepted)
        tally.atCentre = here >= .atCentre ? tally.saved : max(looked, own(heldByRoot(name)))
        tally.atHub = here >= .atHub ? tally.saved : max(tally.atCentre, own(heldByParent(name)))
        return tally
    }
}
