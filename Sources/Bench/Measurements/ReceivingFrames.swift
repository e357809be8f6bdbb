import Catalogue
import Store
import Sync

/// Receiving frames against inserting the same rows in equal, equally durable batches through SQLite's C interface.
struct ReceivingFrames: Measurement {
    let name = "receive"
    let about = "frames of 50 and of 1,000 lines, tree, signature, strict reading, receipt and intake line included"

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        return [
            try measure(setting, workload, batch: 50, frames: setting.isQuick ? 3 : 12),
            try measure(setting, workload, batch: 1_000, frames: setting.isQuick ? 1 : 2),
        ]
    }

    /// Villages that send in turn, so that each frame goes to another log than the one before.
    private static let villages = 100

    private func measure(_ setting: Setting, _ workload: Workload, batch: Int, frames: Int) throws -> BenchRow {
        let byVillage = try workload.villages(0..<Self.villages) { log in
            try (0..<frames).map { _ in
                let frame = try log.nextFrame(batch)
                return Sent(enrolment: log.enrolment, frame: frame, bytes: try Frame.lines(frame).encoded())
            }
        }
        let made = (0..<frames).flatMap { turn in byVillage.map { $0.value[turn] } }
        let lines = Double(made.count * batch)
        var received: [Double] = []
        var bare: [Double] = []
        // Alternating, so that what else the machine does meets both.
        for _ in 0..<setting.repetitions {
            received.append(lines / (try receive(made, setting)))
            bare.append(lines / (try insert(made, setting)))
        }
        let ratios = zip(received, bare).map { $0 / $1 }
        return BenchRow(
            "receive, frames of \(batch.grouped) lines, against bare SQLite", ratios.median, atLeast: 0.5,
            detail: "\(received.median.grouped) against \(bare.median.grouped) lines/s; \(ratios.range(digits: 2))")
    }

    private struct Sent: Sendable {
        let enrolment: Enrolment
        let frame: LinesFrame
        /// As it travels.
        let bytes: [UInt8]
    }

    private func receive(_ sent: [Sent], _ setting: Setting) throws -> Double {
        let receiver = try Receiver(folder: try setting.scratch.folder("receiver"))
        for item in sent { try receiver.store.trust(item.enrolment) }
        let taken = try seconds { for item in sent { try receiver.receive(item.bytes) } }
        guard receiver.notStrict == 0 else { throw BareFailure(message: "\(receiver.notStrict) lines are not strict") }
        try receiver.store.close()
        return taken
    }

    private func insert(_ sent: [Sent], _ setting: Setting) throws -> Double {
        let table = try BareTable(folder: try setting.scratch.folder("bare"))
        let batches = sent.enumerated().map { index, item in
            let log = Int64(index % Self.villages + 1)
            return (log << 40 | item.frame.from, (0..<item.frame.count).map { Array(item.frame.line(at: $0)) })
        }
        return try seconds { for (id, lines) in batches { try table.insert(lines, from: id) } }
    }
}

extension Int {
    var grouped: String { Double(self).grouped }
}
