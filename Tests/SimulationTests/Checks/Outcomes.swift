import Event
import Foundation
import ReadModels
import Store
import Sync
import TransparencyLog

@testable import Node

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

    /// Each author has the centre's receipt for all that it wrote. Its hub need not have stated it: it may have got the
    /// lines from above.
    private func checkReceipts() throws {
        let centre = world.machine(.centre).node
        for machine in world.machines where machine.parent != nil && !world.isRevoked(machine) {
            for head in try machine.heads()
            where head.log.node == machine.node && head.log.epoch == machine.keys.epoch {
                let stated = try machine.receipts(head.log).filter { $0.kind == .held && $0.holder == centre }
                guard stated.contains(where: { $0.states(head.row) }) else {
                    throw Violation(
                        invariant: 14, node: machine.label,
                        what: "the centre states \(stated.map(\.size)) of \(head.size) lines of \(head.log)")
                }
            }
        }
    }

    /// The centre has looked at every line, and says of which it does not count.
    private func checkCounted() throws -> [String: ParkReason] {
        var exceptions: [String: ParkReason] = [:]
        let centre = world.machine(.centre)
        for head in try centre.heads() {
            let counted = try models.reader.counted(head.log, history: head.branch?.history ?? "")
            guard counted.size == head.size else {
                throw Violation(
                    invariant: 8, node: "pusat",
                    what: "\(counted.size) of \(head.size) lines of \(head.log) were looked at")
            }
            let lines = try centre.lines(head)
            for exception in counted.exceptions {
                for sequence in exception.first...exception.last {
                    let hash = Hash.leaf(lines[Int(sequence)]).hex
                    exceptions["\(head.log)#\(sequence)~\(hash)"] = exception.reason
                }
            }
        }
        return exceptions
    }
}

extension Receipt {
    fileprivate func states(_ row: TableRow) -> Bool { size == row.size && heldRoot == row.root }
}
