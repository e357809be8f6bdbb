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
    private var held: [LogName: [NodeName: Int64]] = [:]
    private var counted: [LogName: CountedStatement] = [:]
    private var refusals: [LogName: (code: String, detail: String, size: Int64)] = [:]
    private let parent: NodeName?
    private let root: NodeName

    /// - Parameter parent: the hub, for a village; nil at the centre.
    public init(store: LogStore, region: RegionCode, parent: NodeName?, root: NodeName) throws {
        self.parent = parent
        self.root = root
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
        let atCentre = held[log]?[root].map { $0 > sequence } ?? false
        let atHub = atCentre || (parent.flatMap { held[log]?[$0] }.map { $0 > sequence } ?? false)
        if let statement = counted[log], statement.size > sequence {
            guard let reason = statement.exception(at: sequence) else { return LinePath(stage: .counted, heldUp: nil) }
            return LinePath(stage: .atCentre, heldUp: (reason, ""))
        }
        if atCentre { return LinePath(stage: .atCentre, heldUp: nil) }
        let refusal = refusals[log].map { (code: $0.code, detail: $0.detail) }
        return LinePath(stage: atHub ? .atHub : .saved, heldUp: refusal)
    }
}
