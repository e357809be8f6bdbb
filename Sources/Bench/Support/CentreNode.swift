import Event
import Foundation
import Node
import Store
import Sync

/// A real centre in a folder, filled without a network: frames are handed to its store as its server would.
final class CentreNode {
    let node: Node

    init(folder: String) throws {
        let nodeFolder = NodeFolder(path: folder)
        try NodeSetup.makeCentre(
            folder: nodeFolder, node: try NodeName("pusat"), edition: "2025-2430", timeZone: "Asia/Jakarta")
        node = try Node(folder: nodeFolder)
        // Opened once, as a running server has them.
        _ = try node.models
    }

    func trust(_ logs: [VillageLog]) throws {
        for log in logs { try node.store.trust(log.enrolment) }
    }

    func receive(_ frame: LinesFrame) throws {
        _ = try node.store.commit(frame, scope: .nation, stating: true)
    }

    /// Stores `lines` lines of each village in one frame each; frames are made on all processors, a few at a time.
    func fill(_ logs: [VillageLog], lines: Int, workload: Workload) throws -> [VillageLog] {
        var filled: [VillageLog] = []
        for start in stride(from: 0, to: logs.count, by: 100) {
            let some = Array(logs[start..<min(start + 100, logs.count)])
            for made in try workload.advance(some, { try $0.nextFrame(lines) }) {
                try receive(made.value)
                filled.append(made.log)
            }
        }
        return filled
    }
}
