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
            try measure(setting, workload, batch: 50, logs: setting.isQuick ? 200 : 1_000),
            try measure(setting, workload, batch: 1_000, logs: setting.isQuick ? 10 : 50),
        ]
    }

    private func measure(_ setting: Setting, _ workload: Workload, batch: Int, logs: Int) throws -> BenchRow {
        let made = try workload.villages(0..<logs) { log in
            let frame = try log.nextFrame(batch)
            return Sent(enrolment: log.enrolment, frame: frame, bytes: try Frame.lines(frame).encoded())
        }.map(\.value)
        let lines = Double(logs * batch)
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
        let batches = sent.map { item in (0..<item.frame.count).map { Array(item.frame.line(at: $0)) } }
        return try seconds {
            for (log, lines) in batches.enumerated() { try table.insert(lines, from: Int64(log + 1) << 40) }
        }
    }
}

extension Int {
    var grouped: String { Double(self).grouped }
}
