import Crypto
import Event
import Foundation
import Store
import Sync

/// A bundle on its way: made for a node, carried by hand, taken by it some day.
struct Stick {
    let maker: NodeName
    let recipient: Site
    var bytes: [UInt8]

    /// All that the maker has for the recipient, from what its receipts state, or everything.
    init(from machine: Machine, to recipient: Site, everything: Bool) throws {
        maker = machine.node
        self.recipient = recipient
        let region = try RegionCode(recipient.region)
        let shared = try machine.store.table(scope: try machine.own.region, changedSince: nil)
            .filter { $0.log.inScope(of: region) }
        let name = try NodeName(recipient.name)
        let parts = try shared.compactMap { head -> BundleWriter.Part? in
            let stated = try everything ? [] : machine.receipts(head.log)
            let rows = stated.filter { $0.holder == name }.compactMap { receipt in
                receipt.heldRoot.map { TableRow(log: head.log, size: receipt.size, root: $0) }
            }
            let from = try machine.store.shared(head, with: rows) ?? 0
            guard from < head.size else { return nil }
            return BundleWriter.Part(head: head, from: from, needs: from > 0 ? try machine.store.known(rows) : [])
        }
        let receipts =
            try region.isAtOrBelow(machine.own.region)
            ? machine.store.receipts(atOrBelow: region).filter { $0.holder != name } : []
        let header = BundleHeader(
            node: machine.node, epoch: machine.keys.epoch, recipient: name, region: region, made: "2026-08-14T00:00:00Z"
        )
        let key = machine.keys.sign
        var collected: [UInt8] = []
        var writer = BundleWriter(
            store: machine.store, header: header, sign: { Array(try key.signature(for: $0)) },
            emit: { collected += $0 })
        _ = try writer.write(.init(holds: shared.map(\.row), parts: parts, receipts: receipts), budget: 1 << 30)
        bytes = collected
    }

    /// Takes it as `BundleImport` does; one that was cut as far as it is whole.
    func apply(to machine: Machine, onReceipt: (Receipt) throws -> Void) throws {
        let summary: BundleReader.Summary
        do { summary = try read { _ in } } catch is BundleError { return }
        guard try machine.store.enrolment(node: summary.header.node, epoch: summary.header.epoch) != nil else { return }
        let region = try machine.own.region
        var frames: [LinesFrame] = []
        var receipts: [Receipt] = []
        _ = try read { item in
            switch item {
            case .lines(let frame): frames.append(frame)
            case .receipt(let receipt): receipts.append(receipt)
            case .share: return
            }
        }
        for frame in frames {
            do {
                let committed = try machine.store.commit(frame, scope: region, stating: true)
                if let receipt = committed.receipt { try onReceipt(receipt) }
            } catch is FrameError { continue }
        }
        for receipt in receipts where receipt.holder != machine.node {
            let known = try machine.receipts(receipt.log).filter {
                $0.holder == receipt.holder && $0.kind == receipt.kind
            }
            guard receipt.size > known.map(\.size).max() ?? 0 else { continue }
            do { _ = try machine.store.save(receipt) } catch is FrameError { continue }
        }
    }

    private func read(_ onItem: @escaping (BundleReader.Item) throws -> Void) throws -> BundleReader.Summary {
        let reader = try BundleReader(onItem: onItem)
        try reader.feed(bytes)
        return try reader.finish()
    }
}
