import Catalogue
import Event
import Foundation
import Store
import Sync

/// What the store noted of copies, restores and strange clocks, as long as it is not settled.
struct Alarms {
    /// What is asked of people is asked for so long; the branch itself stays in `simpul log list`.
    static let shown: TimeInterval = 30 * 86_400

    private struct Alarm {
        let kind: String
        let log: String
        let detail: String
        let at: String

        /// Node and epoch, where the alarm is about one: `NODE/EPOCH`, or a log.
        var author: (node: NodeName, epoch: Epoch)? {
            if let log = try? LogName(log) { return (log.node, log.epoch) }
            let parts = log.split(separator: "/").map(String.init)
            guard parts.count == 2, let node = try? NodeName(parts[0]), let epoch = try? Epoch(parts[1]) else {
                return nil
            }
            return (node, epoch)
        }
    }

    let node: Node

    func conditions() throws -> [NodeCondition] {
        let alarms = try node.store.alarms().map { Alarm(kind: $0.kind, log: $0.log, detail: $0.detail, at: $0.at) }
        var found: [NodeCondition] = []
        if try node.store.mustLeaveEpoch() != nil {
            let own = "\(node.own.node)/\(node.own.epoch)"
            let noted = alarms.last { $0.kind == "copied" && $0.log == own }
            found.append(NodeCondition(.copied, at: node.own.role, since: noted?.at, about: own))
        }
        if try node.store.isHolding() {
            let silent = try node.store.silentPeers().map(\.description).joined(separator: ", ")
            found.append(
                NodeCondition(
                    .holding, at: node.own.role, since: alarms.last { $0.kind == "restored" }?.at,
                    [
                        "nodes": .both(silent.isEmpty ? "–" : silent)
                    ]))
        }
        // These two are states above, and over when those are.
        for alarm in alarms where !["copied", "restored"].contains(alarm.kind) {
            guard try !isSettled(alarm) else { continue }
            found.append(try condition(alarm))
        }
        return found
    }

    private func condition(_ alarm: Alarm) throws -> NodeCondition {
        let code = NodeCondition.Code(rawValue: alarm.kind) ?? .other
        let author = alarm.author
        var names = ""
        if code == .twoMachines, let author {
            names = try node.store.machineNames(node: author.node, epoch: author.epoch).joined(separator: ", ")
        }
        return NodeCondition(
            code, at: node.own.role, since: alarm.at, about: alarm.log.isEmpty ? alarm.kind : alarm.log,
            [
                "node": .both(author?.node.description ?? alarm.log), "names": .both(names),
                "epoch": .both(author?.epoch.description ?? ""),
                "reason": Self.reason(code, alarm.detail),
            ])
    }

    /// What the store's sentence adds to the words of the state. It is in English; who overrode a wait, for whom and why is
    /// taken out of it.
    private static func reason(_ code: NodeCondition.Code, _ detail: String) -> LocalizedText {
        if code == .other { return .both(detail) }
        let pattern = /(\S+) let this restored .* had answered: (.*)\. Reason: (.*)/
        guard code == .restoreOverride, let match = detail.wholeMatch(of: pattern) else {
            return LocalizedText(id: "", en: detail)
        }
        return LocalizedText(id: "Oleh \(match.1), tanpa \(match.2). Alasan: \(match.3)", en: detail)
    }

    private func isSettled(_ alarm: Alarm) throws -> Bool {
        if alarm.kind == "receipt-went-back" { return try isRefilled(alarm) }
        if let author = alarm.author, try node.store.enrolment(node: author.node, epoch: author.epoch)?.revoked != nil {
            return true
        }
        // Nobody may enrol that name: it stays until somebody looked into it.
        guard alarm.kind != "foreign-name", let at = Contact.date(alarm.at) else { return false }
        return node.now().timeIntervalSince(at) > Self.shown
    }

    /// Whether the holder states as much again as it did before. The alarm's sentence has the number.
    private func isRefilled(_ alarm: Alarm) throws -> Bool {
        guard let log = try? LogName(alarm.log), let match = alarm.detail.firstMatch(of: /^(\S+) stated (\d+) lines/),
            let before = Int64(match.2)
        else { return false }
        return try node.store.receipts(of: log).contains {
            $0.kind == .held && $0.holder.description == match.1 && $0.size >= before
        }
    }
}
