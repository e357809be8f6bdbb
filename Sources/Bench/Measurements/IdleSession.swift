import Catalogue
import Event
import Foundation
import Node
import Store
import Sync

/// What a sync costs when there is nothing to do.
struct IdleSession: Measurement {
    let name = "idle"
    let about = "requests and bytes of a sync with nothing to do: a village with 12 logs, a hub with 500 villages"

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        let centre = try ServedCentre(setting)
        defer { centre.program.stop() }
        let villages = setting.isQuick ? 50 : 500
        return try await rows("a village with 12 logs", village(centre, workload), centre)
            + rows("a hub with \(villages) villages, 3 logs each", hub(centre, villages, workload), centre)
    }

    private func rows(_ what: String, _ node: Node, _ centre: ServedCentre) async throws -> [BenchRow] {
        // Until nothing moves any more: receipts and counts come back a sync later.
        for _ in 0..<10 {
            let report = try await centre.sync(node)
            try centre.settle()
            if report.tally.requests == 1, report.tally.linesUp + report.tally.linesDown + report.tally.receipts == 0 {
                break
            }
        }
        let report = try await centre.sync(node)
        let logs = try node.store.table(scope: node.own.region, changedSince: nil).count
        try node.close()
        let isMet = report.tally.requests == 1 && max(report.bytesSent, report.bytesReceived) <= 1_024
        return [
            BenchRow(
                "idle session of \(what) (\(logs) logs in scope)",
                value: "\(report.tally.requests) request, \(report.bytesSent) bytes up, \(report.bytesReceived) down",
                target: "1 request, ≤ 1,024 each way", verdict: isMet ? .met : .missed)
        ]
    }

    private func village(_ centre: ServedCentre, _ workload: Workload) async throws -> Node {
        // Five logs of the other laptop, six of its own, and that of the centre with the enrolments.
        let sibling = try centre.join("lontar-b", region: "36.04.13.2007", role: .village)
        try open(["main", "urgent", "bulk", "a", "b"], at: sibling)
        _ = try await centre.sync(sibling)
        try sibling.close()
        let node = try centre.join("lontar-a", region: "36.04.13.2007", role: .village)
        try open(["main", "urgent", "bulk", "a", "b", "c"], at: node)
        return node
    }

    private func open(_ lanes: [String], at node: Node) throws {
        for lane in lanes {
            let log = LogName(
                node: node.own.node, audience: .region(node.own.region), lane: try Lane(lane), epoch: node.own.epoch)
            try node.store.append(wall: 1, [(log, { _ in Array("{}".utf8) })])
        }
    }

    private func hub(_ centre: ServedCentre, _ count: Int, _ workload: Workload) throws -> Node {
        let node = try centre.join("hub-serang", region: "36.01", role: .hub)
        for number in 0..<count {
            let lanes = [Lane.main, .urgent, .bulk]
            for (index, lane) in lanes.enumerated() {
                var log = try VillageLog(number, lane: lane, workload: workload)
                if index == 0 { try node.recordEnrolment(log.enrolment) }
                _ = try node.store.commit(try log.nextFrame(2), scope: node.own.region, stating: true)
            }
        }
        return node
    }
}
