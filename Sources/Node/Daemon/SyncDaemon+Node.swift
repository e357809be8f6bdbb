import Event
import Foundation
import Logging
import Store
import Sync
import Transport

extension SyncDaemon {
    /// The daemon of an opened node: syncs it with its parent, on a thread of its own, and takes the read
    /// models up to what came.
    ///
    /// - Parameters:
    ///   - tries: how often `once` tries before it gives up.
    ///   - observer: by default a progress line if there is a terminal, the node's log otherwise.
    ///   - allowsPlain: plain http also to other machines than this one.
    /// - Throws: `NodeError` if it has no parent; `StoreError` if its memory of the parent cannot be read.
    public init(
        _ node: Node, schedule: Schedule, tries: Int = 5, observer: (any SyncObserver)? = nil, allowsPlain: Bool = false
    ) throws {
        guard var settings = SyncRunner.settings(node.configuration), let parent = try node.parent() else {
            throw NodeError(
                .badInput, "\(node.own.node) has no parent to sync with", advice: "it is the centre")
        }
        settings.allowsPlain = allowsPlain
        let observer = observer ?? (Terminal.isThere ? TerminalProgress() : LogProgress(node.logger))
        let worker = HTTPWorker(settings)
        let disk = Blocking(label: "simpul.sync.project", serial: true)
        let runner = SyncRunner(node: node) { sent, toSend, received in
            observer.note(.moved(SyncProgress(sent: sent, toSend: toSend, received: received)))
        }
        let urgent = UrgentLookout(node, parent: parent.node)
        let lookout: Lookout = { try await disk.run { try urgent.look() } }
        let last = try node.store.peer(parent.node).lastAgreement.flatMap { DateTime($0) }
        self.init(
            schedule,
            lastSuccess: last.map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1_000) },
            tries: tries, observer: observer, lookout: lookout
        ) {
            let project: @Sendable () async -> Void = {
                do {
                    _ = try await disk.run { try node.project() }
                } catch {
                    observer.note(.readModelsBehind("\(error)"))
                }
            }
            let cut = try node.store.intakeSize()
            let report: SyncRunner.Report
            do { report = try await worker.run { try runner.run($0) } } catch {
                // What came before the line broke is shown.
                if try node.store.intakeSize() > cut { await project() }
                throw error
            }
            if report.tally.linesDown + report.tally.early > 0 { await project() }
            // Until the next sync others on this laptop need the memory more.
            try await disk.run { node.releaseMemory() }
            return SyncSummary(report)
        }
    }
}

extension SyncSummary {
    init(_ report: SyncRunner.Report) {
        self.init(
            linesSent: report.tally.linesUp, linesReceived: report.tally.linesDown,
            requests: report.tally.requests,
            bytesSent: report.bytesSent, bytesReceived: report.bytesReceived, refused: report.refusals.count)
    }
}
