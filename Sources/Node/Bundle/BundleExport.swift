import Crypto
import Event
import Foundation
import Store
import Sync
import TransparencyLog

/// Makes the file that carries lines, receipts and wrapped keys to another node where there is no line.
///
/// Nothing is noted of an export: the stick may be lost, and only receipts say what arrived.
public struct BundleExport {
    /// From where the lines of each log start.
    public enum Start: Sendable {
        /// From what the recipient is known to hold: by its receipts.
        case receipted
        /// From what the recipient said that it holds, in a bundle of its own.
        case answering(BundleReader.Summary)
        /// From the beginning.
        case everything
    }

    let node: Node

    public init(node: Node) { self.node = node }

    /// Writes a bundle to `path`, whole or not at all.
    ///
    /// - Parameter budget: decoded bytes of lines at most; what is left over needs another bundle.
    /// - Throws: `NodeError` when the recipient is not known or the file cannot be written.
    public func write(to path: String, for recipient: NodeName, start: Start, budget: Int64) throws
        -> BundleWriter.Tally
    {
        let target = try enrolment(of: recipient)
        let file = try BundleFile.Writer(path: path)
        do {
            let made = DateTime(milliseconds: Int64(node.now().timeIntervalSince1970) * 1_000).description
            let header = BundleHeader(
                node: node.own.node, epoch: node.own.epoch, recipient: target.node, region: target.region, made: made)
            let key = node.keys.sign
            var writer = BundleWriter(
                store: node.store, header: header, sign: { Array(try key.signature(for: $0)) }, emit: file.write)
            let tally = try writer.write(try plan(target, start), budget: budget)
            try file.finish()
            return tally
        } catch {
            file.discard()
            throw error
        }
    }

    private func enrolment(of recipient: NodeName) throws -> Enrolment {
        let known = try node.store.enrolments().filter { $0.enrolment.node == recipient }
        guard let newest = known.last(where: { $0.revoked == nil }) else {
            throw NodeError(
                .badInput,
                known.isEmpty ? "\(recipient) is not known here" : "\(recipient) was revoked",
                advice: "`simpul nodes list` shows whom this node knows; a bundle is made for one of them")
        }
        guard recipient != node.own.node else {
            throw NodeError(.badInput, "a bundle is for another node", advice: "name the hub, or the laptop it goes to")
        }
        return newest.enrolment
    }

    private func plan(_ target: Enrolment, _ start: Start) throws -> BundleWriter.Plan {
        // What both may have: this node's own table holds nothing outside its scope.
        let shared = try node.store.table(scope: node.own.region, changedSince: nil)
            .filter { $0.log.inScope(of: target.region) }
        let known = try known(to: target, start)
        let parts = try shared.compactMap { head -> BundleWriter.Part? in
            let rows = known[head.log] ?? []
            let from = try node.store.shared(head, with: rows) ?? 0
            guard from < head.size else { return nil }
            return BundleWriter.Part(head: head, from: from, needs: from > 0 ? try node.store.known(rows) : [])
        }
        return BundleWriter.Plan(
            holds: shared.map(\.row), parts: parts, receipts: try receipts(for: target),
            shares: try shares(for: target))
    }

    /// Heads that the recipient surely holds, also of other histories than those here.
    private func known(to target: Enrolment, _ start: Start) throws -> [LogName: [TableRow]] {
        switch start {
        case .everything: return [:]
        case .answering(let summary):
            guard summary.header.node == target.node else {
                throw NodeError(
                    .badInput, "that bundle is of \(summary.header.node), not of \(target.node)",
                    advice: "answer with --to \(summary.header.node), or give \(target.node)'s bundle")
            }
            return Dictionary(grouping: summary.holds, by: \.log)
        case .receipted:
            var rows = try agreed(with: target)
            for receipt in try node.store.receipts(atOrBelow: .nation) where receipt.holder == target.node {
                guard let root = receipt.heldRoot else { continue }
                rows[receipt.log, default: []].append(TableRow(log: receipt.log, size: receipt.size, root: root))
            }
            return rows
        }
    }

    /// What both held when they last synced, and what the recipient wrote itself.
    private func agreed(with target: Enrolment) throws -> [LogName: [TableRow]] {
        let counter = try node.store.peer(target.node).agreed
        var rows: [LogName: [TableRow]] = [:]
        for head in try node.store.table(scope: node.own.region, changedSince: nil) {
            // Of several histories nothing says which of them its writer has.
            if head.log.node == target.node, try node.store.heads(head.log).count == 1 {
                rows[head.log] = [head.row]
            } else if counter > 0, rows[head.log] == nil {
                rows[head.log] = try node.store.rows(head.log, atCounter: counter)
            }
        }
        return rows
    }

    /// Receipts go down and to siblings, as in a session; a parent makes its own.
    private func receipts(for target: Enrolment) throws -> [Receipt] {
        guard target.region.isAtOrBelow(node.own.region) else { return [] }
        return try node.store.receipts(atOrBelow: target.region).filter { $0.holder != target.node }
    }

    private func shares(for target: Enrolment) throws -> [KeyShare] {
        if target.region.isAtOrBelow(node.own.region) {
            return try node.store.keyShares(scope: target.region, parent: node.own.region, changedSince: nil)
        }
        guard node.own.region.isAtOrBelow(target.region) else { return [] }
        return try node.store.keyShares(scope: node.own.region, parent: target.region, changedSince: nil)
            .filter { $0.region.isAtOrBelow(node.own.region) }
    }
}
