import Event
import Foundation
import ReadModels
import Store
import Sync

/// 8 and 14: each line's end, as its author and the centre tell it.
struct Outcomes {
    let world: World
    let models: CentreModels

    func check() throws {
        try checkReceipts()
        let exceptions = try checkCounted()
        let expected = try models.expectation()
        for (place, reason) in exceptions {
            guard (reason == .quarantined) == expected.quarantined.contains(place) else {
                throw Violation(
                    invariant: 8, node: "pusat", what: "\(place) is excepted as \(reason), which it should not be")
            }
        }
        if let missing = expected.quarantined.first(where: { exceptions[$0] == nil }) {
            throw Violation(
                invariant: 8, node: "pusat", what: "\(missing) lies past its revocation, and is not listed")
        }
        for place in expected.notUnderstood where exceptions[place] == nil {
            throw Violation(invariant: 8, node: "pusat", what: "\(place) cannot be understood, and is not listed")
        }
    }

    /// Each author has its parent's and the centre's receipt for all that it wrote.
    private func checkReceipts() throws {
        let centre = world.machine(.centre).node
        for machine in world.machines where machine.parent != nil && !world.isRevoked(machine) {
            for row in try machine.logs()
            where row.log.node == machine.node && row.log.epoch == machine.keys.epoch {
                let receipts = try machine.store.receipts(of: row.log).filter { $0.kind == .held }
                for holder in [try NodeName(machine.parent?.name ?? ""), centre]
                where !receipts.contains(where: { $0.holder == holder && $0.size == row.size }) {
                    let stated = receipts.first { $0.holder == holder }?.size ?? 0
                    throw Violation(
                        invariant: 14, node: machine.label,
                        what: "\(holder) states \(stated) of \(row.size) lines of \(row.log)")
                }
            }
        }
    }

    /// The centre has looked at every line, and says of which it does not count.
    private func checkCounted() throws -> [String: ParkReason] {
        var exceptions: [String: ParkReason] = [:]
        for row in try world.machine(.centre).logs() {
            let counted = try models.reader.counted(row.log)
            guard counted.size == row.size else {
                throw Violation(
                    invariant: 8, node: "pusat",
                    what: "\(counted.size) of \(row.size) lines of \(row.log) were looked at")
            }
            for exception in counted.exceptions {
                for sequence in exception.first...exception.last {
                    exceptions["\(row.log)#\(sequence)"] = exception.reason
                }
            }
        }
        return exceptions
    }
}
