import Crypto
import Event
import Foundation
import Store
import Sync

/// Takes a bundle: checked to its seal before a byte of it is applied, then applied frame by frame, each verified
/// again as in a session. Taking one twice does nothing the second time.
public struct BundleImport {
    /// What an import came to.
    public struct Report: Sendable {
        public let summary: BundleReader.Summary
        /// Lines that were new here.
        public var added = 0
        /// New lines by log.
        public var logs: [LogName: Int] = [:]
        public var receipts = 0
        public var keys = 0
        /// Logs of which lines were not taken, with the first reason of each.
        public var refused: [LogName: FrameError] = [:]

        init(summary: BundleReader.Summary) { self.summary = summary }

        /// Whether lines wait for others that this bundle does not bring.
        public var lacksEarlier: Bool { refused.values.contains { $0.isWaiting } }
    }

    let node: Node

    public init(node: Node) { self.node = node }

    /// Reads a bundle to its end and checks its seal, without taking anything.
    ///
    /// - Throws: `NodeError` for a file that cannot be read, is none, was altered or is of nobody known. A bundle that is
    ///   cut is returned, with `isWhole` false.
    public func check(_ path: String) throws -> BundleReader.Summary {
        do { return try checked(path) } catch let error as BundleError { throw NodeError(error, at: path) }
    }

    /// A bundle that has to be whole, checked.
    public func whole(_ path: String) throws -> BundleReader.Summary {
        let summary = try check(path)
        guard summary.isWhole else { throw NodeError(.cut(frames: summary.frames), at: path) }
        return summary
    }

    private func checked(_ path: String) throws -> BundleReader.Summary {
        let summary = try read(path) { _ in }
        guard summary.isWhole else { return summary }
        let header = summary.header
        guard let maker = try node.store.enrolment(node: header.node, epoch: header.epoch) else {
            throw BundleError.unknownMaker(header.node, header.epoch)
        }
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: maker.enrolment.sign)
        guard summary.isSigned({ key.isValidSignature($0, for: $1) }) else {
            throw BundleError.badSignature(header.node)
        }
        return summary
    }

    /// Applies a bundle.
    ///
    /// - Parameter partial: take the whole frames of a bundle that is cut off. Each line stands under its author's
    ///   signature all the same; keys, which nothing but the seal vouches for, are left out.
    /// - Throws: `NodeError` with nothing applied; `StoreError` when the disk fails, with what was applied before durable.
    public func apply(_ path: String, partial: Bool = false) throws -> Report {
        do { return try applied(path, partial) } catch let error as BundleError { throw NodeError(error, at: path) }
    }

    private func applied(_ path: String, _ partial: Bool) throws -> Report {
        let summary = try checked(path)
        guard summary.isWhole || partial else { throw BundleError.cut(frames: summary.frames) }
        var report = Report(summary: summary)
        var receipts: [Receipt] = []
        var shares: [KeyShare] = []
        let again = try read(path) { item in
            switch item {
            case .lines(let frame): try take(frame, &report)
            case .receipt(let receipt): receipts.append(receipt)
            case .share(let share): shares.append(share)
            }
        }
        guard again.digest == summary.digest else {
            throw BundleError.altered("it changed while it was read; the lines taken are good, keys and receipts wait")
        }
        try take(receipts, &report)
        if summary.isWhole { try take(shares, &report) }
        try node.settle()
        try node.handOver()
        return report
    }

    private func read(
        _ path: String, onItem: @escaping (BundleReader.Item) throws -> Void
    ) throws -> BundleReader.Summary {
        let reader = try BundleReader(onItem: onItem)
        try BundleFile.read(path) { try reader.feed($0) }
        return try reader.finish()
    }

    private func take(_ frame: LinesFrame, _ report: inout Report) throws {
        do {
            let committed = try node.store.commit(frame, scope: node.own.region, stating: true)
            report.added += committed.added
            if committed.added > 0 { report.logs[frame.log, default: 0] += committed.added }
        } catch let error as FrameError {
            // One log that does not fit holds up no other.
            if report.refused[frame.log] == nil { report.refused[frame.log] = error }
        }
    }

    /// A stick is slow: what it states is often older than what is known, and then says nothing.
    private func take(_ receipts: [Receipt], _ report: inout Report) throws {
        for receipt in receipts where receipt.holder != node.own.node {
            do {
                if try node.store.save(receipt, newerOnly: true) { report.receipts += 1 }
            } catch let error as FrameError {
                if report.refused[receipt.log] == nil { report.refused[receipt.log] = error }
            }
        }
    }

    /// As in a session: a maker hands out keys of its own region, and a parent those of the regions above.
    private func take(_ shares: [KeyShare], _ report: inout Report) throws {
        guard
            let maker = try node.store.enrolment(node: report.summary.header.node, epoch: report.summary.header.epoch),
            maker.revoked == nil
        else { return }
        let region = maker.enrolment.region
        let allowed = shares.filter { share in
            node.own.region.isAtOrBelow(region)
                || (share.region.isAtOrBelow(region) && node.own.region.isAtOrBelow(share.top))
        }
        report.keys += try node.store.save(allowed)
    }
}

extension FrameError {
    fileprivate var isWaiting: Bool { code == .gap || code == .unknownAuthor }
}
