import ArgumentParser
import Foundation
import Event
import Node
import Store
import Sync
import Transport

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Carry records up and answers down, now or by the clock.")

    @OptionGroup var folder: FolderOption

    func run() async throws {
        let node = try folder.open()
        guard let settings = SyncRunner.settings(node.configuration) else {
            throw NodeError(.badInput, "\(node.own.node) is the centre; it has no parent", advice: "run simpul serve")
        }
        let report = try await HTTPWorker(settings).run { client in try SyncRunner(node: node).run(client) }
        let tally = report.tally
        print(
            "\(tally.requests) request(s), \(tally.linesUp) lines up, \(tally.linesDown) down, \(tally.receipts) receipts, "
                + "\(report.bytesSent) bytes sent, \(report.bytesReceived) received")
        for refusal in report.refusals { print("not taken: \(refusal.log.map(\.description) ?? "-"): \(refusal.detail)") }
        _ = try await Blocking(label: "project").run { try node.project() }
        try node.close()
    }
}
