import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit

@testable import Node

/// The same lines in another store, which they reached in another order: so another of several histories of a log may
/// be the first there.
final class Shuffled {
    private let store: LogStore

    var intake: StoreIntake { StoreIntake(store: store) }

    init(_ machine: Machine, folder: String, _ dice: inout SeededGenerator) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        store = try LogStore(folder: folder, signer: machine.store.signer)
        try store.trust(machine.own)
        // By name, so that a seed gives the same order whatever the order on the disk.
        var waiting = try machine.heads().map { (head: $0, from: Int64(0)) }
            .sorted { ("\($0.head.log)", "\($0.head.row.root)") < ("\($1.head.log)", "\($1.head.row.root)") }
        var attempts = 0
        while !waiting.isEmpty, attempts < 20_000 {
            attempts += 1
            let index = Int.random(in: waiting.indices, using: &dice)
            let (head, from) = waiting[index]
            let bytes = [1, 700, 1_500, 100_000].randomElement(using: &dice) ?? 1
            guard
                let frame = try machine.store.frame(head.log, branch: head.branch, from: from, maxBytes: bytes)
            else {
                throw Violation(
                    invariant: 4, node: machine.label, what: "\(head.log) cannot be sent from \(from) on")
            }
            do {
                _ = try store.commit(frame, scope: .nation, stating: false)
                waiting[index].from = frame.end
                if frame.end >= head.size { waiting.remove(at: index) }
            } catch let error as FrameError where error.code == .unknownAuthor || error.code == .gap {
                continue
            }
        }
        guard waiting.isEmpty else {
            throw Violation(
                invariant: 4, node: machine.label, what: "\(waiting[0].head.log) does not arrive in another order")
        }
    }

    func close() { try? store.close() }
}

/// An intake as it was at a cut.
struct PrefixIntake: IntakeReader {
    let intake: StoreIntake
    let cut: Int64

    var intakeSize: Int64 { cut }

    func runs(from start: Int64, limit: Int) throws -> [IntakeRun] {
        try intake.runs(from: start, limit: .max).filter { $0.cut <= cut }
    }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? { try intake.line(log, sequence) }

    func line(_ log: LogName, history: String, _ sequence: Int64) throws -> [UInt8]? {
        try intake.line(log, history: history, sequence)
    }

    func author(of log: LogName) throws -> LogAuthor? { try intake.author(of: log) }
}
