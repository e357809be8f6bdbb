import Event
import Foundation
import Store
import Sync
import TransparencyLog

// The invariants, by number. Each has a checker of its own here or in a file beside.
//
//  1  After a crash a node has what it told its user was saved.                                  `Kept`
//  2  What a holder stated in a receipt was on its disk before, and stays there.                 `ReceiptLaw`
//  3  Every line stands under a checkpoint whose signature and root verify.                      `Trees`
//  4  Per log a gapless prefix, and beside it branches; all kept, relayed, counted.              `Trees`, `Arrival`
//  5  Read models are a function of the set of lines, and of no order; so is what was known when. `CentreModels`
//  6  Once faults stop the centre holds all that was told; equal scopes hold the same.           `Arrival`
//  7  Nothing is pruned; a receipt does not go back unnoticed.                                   `NothingPruned`
//  8  Every line ends as receipted, or as quarantined or parked with its reason.                 `Outcomes`
//  9  Clocks change nothing but times; who could know of a line comes after it.                  `ClockLaw`
// 12  What a node does not understand passes through unchanged.                                  `Arrival`
// 14  Where the parent can be reached, the outbox drains.                                        `Play.heal`, `Outcomes`

/// 1: what a machine held before it went off.
struct Kept {
    private let rows: Set<TableRow>

    init(_ machine: Machine) throws { rows = Set(try machine.heads().map(\.row)) }

    func check(_ machine: Machine) throws {
        let after = Set(try machine.heads().map(\.row))
        guard let missing = rows.subtracting(after).first else { return }
        throw Violation(
            invariant: 1, node: machine.label, what: "\(missing.log) is not \(missing.size) lines long after a restart")
    }
}

/// 2: receipts against the disks of those who gave them.
final class ReceiptLaw {
    private let world: World

    init(_ world: World) { self.world = world }

    /// Looks at the holder's disk the moment a receipt leaves.
    func leaves(_ holder: Machine, _ receipt: Receipt) throws {
        guard receipt.kind == .held, receipt.holder == holder.node else { return }
        try check(receipt, at: [holder], when: "when the receipt left")
    }

    /// Whatever was stated by anybody to anybody still holds, at one of the machines of that name.
    func check() throws {
        var seen: Set<Receipt> = []
        for machine in world.machines {
            for receipt in try machine.store.receipts(atOrBelow: .nation)
            where receipt.kind == .held && seen.insert(receipt).inserted {
                let holders = world.machines.filter { $0.node == receipt.holder }
                guard !holders.isEmpty else { continue }
                try check(receipt, at: holders, when: "in the end")
            }
        }
    }

    private func check(_ receipt: Receipt, at holders: [Machine], when: String) throws {
        guard let root = receipt.heldRoot else { return }
        for holder in holders where try holder.holds(receipt.log, receipt.size, root) { return }
        throw Violation(
            invariant: 2, node: holders[0].label,
            what: "it stated \(receipt.size) lines of \(receipt.log), which it does not hold \(when)")
    }
}

/// 3 and 4: trees and signatures, from the lines alone.
struct Trees {
    let world: World
    /// Notes whose signatures were found good: the same ones are on many disks.
    private static let good = GoodNotes()

    init(_ world: World) { self.world = world }

    func check() throws {
        for machine in world.machines {
            for head in try machine.heads() { try check(head, machine) }
        }
    }

    private func check(_ head: Head, _ machine: Machine) throws {
        let row = head.row
        let lines = try machine.lines(head)
        guard Int64(lines.count) == row.size else {
            throw Violation(
                invariant: 4, node: machine.label, what: "\(row.log) has \(lines.count) lines of \(row.size)")
        }
        var edge = TreeEdge()
        for line in lines { edge.append(leaf: Hash.leaf(line)) }
        guard edge.root == row.root else {
            throw Violation(invariant: 3, node: machine.label, what: "the root of \(row.log) is not that of its lines")
        }
        let store = machine.store
        guard let known = try store.enrolment(node: row.log.node, epoch: row.log.epoch),
            let frame = try store.frame(row.log, branch: head.branch, from: row.size - 1, maxBytes: 1 << 20)
        else { throw Violation(invariant: 3, node: machine.label, what: "nobody is known to write \(row.log)") }
        let signed = try Self.good.checkpoint(frame.note, row.log, known.enrolment)
        guard let signed,
            signed.size == row.size
                ? signed.root == row.root
                : MerkleProof.verifyConsistency(
                    from: row.size, root: row.root, to: signed.size, root: signed.root, proof: frame.proof)
        else {
            throw Violation(
                invariant: 3, node: machine.label, what: "the newest checkpoint of \(row.log) is not about its lines")
        }
    }

    final class GoodNotes: @unchecked Sendable {
        // Unchecked: only touched while `lock` is held.
        private let lock = NSLock()
        private var notes: [String: Checkpoint] = [:]

        func checkpoint(_ text: String, _ log: LogName, _ author: Enrolment) throws -> Checkpoint? {
            if let known = lock.withLock({ notes[text] }) { return known }
            let note = try SignedNote(parsing: text)
            let checkpoint = try Checkpoint(parsing: note.text)
            let verifier = try NoteVerifier(name: log.origin, publicKey: [UInt8](author.sign))
            guard checkpoint.origin == log.origin, verifier.verify(note) else { return nil }
            lock.withLock {
                if notes.count > 20_000 { notes = [:] }
                notes[text] = checkpoint
            }
            return checkpoint
        }
    }
}

/// 6, 4 and 12: where everything is in the end.
struct Arrival {
    let world: World

    init(_ world: World) { self.world = world }

    func check() throws {
        let centre = world.machine(.centre)
        for told in world.told where !told.isLost {
            guard try centre.holds(told.line) else {
                let reference = told.line.reference
                let isBranch = try centre.store.line(reference.log, reference.sequence) != nil
                throw Violation(
                    invariant: isBranch ? 4 : 6, node: told.by,
                    what: "\(told.line.reference.short), saved in step \(told.step), is not at the centre")
            }
        }
        for child in world.machines where !world.isRevoked(child) {
            guard let site = child.parent else { continue }
            let region = try child.own.region
            let (below, above) = (
                try child.store.digest(scope: region).table,
                try world.machine(site).store.digest(scope: region).table
            )
            guard below == above else {
                throw Violation(invariant: 6, node: child.label, what: "it and \(site.name) hold different things")
            }
        }
    }
}

/// 7: sizes and receipts only grow; a receipt that states less than before is told to an operator.
final class NothingPruned {
    private var sizes: [String: [LogName: Int64]] = [:]
    private var stated: [String: [String: Int64]] = [:]

    func look(at machines: [Machine]) throws {
        for machine in machines {
            var now: [LogName: Int64] = [:]
            for head in try machine.heads() { now[head.log, default: 0] += head.size }
            for (log, size) in sizes[machine.label] ?? [:] where now[log] ?? 0 < size {
                throw Violation(
                    invariant: 7, node: machine.label,
                    what: "\(log) had \(size) lines in all its histories, now \(now[log] ?? 0)")
            }
            sizes[machine.label] = now
            try lookAtReceipts(machine)
        }
    }

    private func lookAtReceipts(_ machine: Machine) throws {
        var now: [String: Int64] = [:]
        for receipt in try machine.store.receipts(atOrBelow: .nation) where receipt.kind == .held {
            let key = "\(receipt.log) \(receipt.holder)"
            now[key] = max(now[key] ?? 0, receipt.size)
        }
        for (key, before) in stated[machine.label] ?? [:] where now[key] ?? 0 < before {
            let alarms = try machine.store.alarms().filter {
                $0.kind == "receipt-went-back" && key.hasPrefix($0.log + " ")
            }
            guard !alarms.isEmpty else {
                throw Violation(
                    invariant: 7, node: machine.label,
                    what: "stated were \(before) lines of \(key), now \(now[key] ?? 0), and nobody is told"
                )
            }
        }
        stated[machine.label] = now
    }

    /// It was put back: it may know and hold less.
    func forget(_ machine: Machine) {
        sizes[machine.label] = nil
        stated[machine.label] = nil
    }
}

/// 9: who could know of a line writes later than it.
struct ClockLaw {
    let world: World

    init(_ world: World) { self.world = world }

    /// Nobody takes up a clock that is years ahead, so of those nothing is said.
    private static let sane: Int64 = 300_000

    func check(_ appended: AppendedLine, by machine: Machine) throws {
        guard let line = try? EventLine(parsing: appended.bytes) else { return }
        for row in try machine.logs() {
            let isOwn = row.log == appended.reference.log
            guard isOwn || world.machines.allSatisfy({ $0.node != row.log.node || abs($0.skew) <= Self.sane }) else {
                continue
            }
            let sequence = isOwn ? row.size - 2 : row.size - 1
            guard sequence >= 0, let bytes = try machine.store.line(row.log, sequence),
                let known = try? EventLine(parsing: bytes)
            else { continue }
            guard known.hybridTime < line.hybridTime else {
                throw Violation(
                    invariant: 9, node: machine.label,
                    what: "\(appended.reference.short) is not after \(row.log)#\(sequence), which it knew")
            }
        }
    }
}
