import Catalogue
import Store
import Sync

/// Receiving frames against inserting the same rows in equal, equally durable batches through SQLite's C interface.
struct ReceivingFrames: Measurement {
    /// Lines of a frame.
    let batch: Int

    var name: String { "receive-\(batch)" }
    var about: String {
        "frames of \(batch.grouped) lines: tree, signature, strict reading, receipt and intake line included"
    }

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        return [try measure(setting, workload, frames: (setting.isQuick ? 150 : 600) / batch + 1)]
    }

    /// Villages that send in turn, so that each frame goes to another log than the one before.
    private static let villages = 100

    private func measure(_ setting: Setting, _ workload: Workload, frames: Int) throws -> BenchRow {
        let byVillage = try workload.villages(0..<Self.villages) { log in
            try (0..<frames).map { _ in
                let frame = try log.nextFrame(batch)
                return Sent(enrolment: log.enrolment, frame: frame, bytes: try Frame.lines(frame).encoded())
            }
        }
        let made = (0..<frames).flatMap { turn in byVillage.map { $0.value[turn] } }
        var runs: [Run] = []
        for _ in 0..<setting.repetitions { runs.append(try run(made, setting)) }
        let lines = Double(made.count * batch)
        let ratios = runs.map { $0.bare / $0.received }
        let (received, bare) = (runs.map { lines / $0.received }.median, runs.map { lines / $0.bare }.median)
        return BenchRow(
            "receive, frames of \(batch.grouped) lines, against bare SQLite", ratios.median, atLeast: 0.5,
            detail: "\(received.grouped) against \(bare.grouped) lines/s; \(ratios.range(digits: 2))")
    }

    /// Seconds of each.
    private struct Run {
        var received = 0.0
        var bare = 0.0
    }

    /// Takes turns every few frames, so that what else the machine and its disk do meets both alike.
    private func run(_ sent: [Sent], _ setting: Setting) throws -> Run {
        let receiver = try Receiver(folder: try setting.scratch.folder("receiver"))
        for item in sent.prefix(Self.villages) { try receiver.store.trust(item.enrolment) }
        let table = try BareTable(folder: try setting.scratch.folder("bare"))
        var run = Run()
        for start in stride(from: 0, to: sent.count, by: 10) {
            let turn = start..<min(start + 10, sent.count)
            let batches = turn.map { index in
                (Int64(index % Self.villages + 1) << 40 | sent[index].frame.from, sent[index].lines)
            }
            run.received += try seconds { for item in sent[turn] { try receiver.receive(item.bytes) } }
            run.bare += try seconds { for (id, lines) in batches { try table.insert(lines, from: id) } }
        }
        guard receiver.notStrict == 0 else { throw BareFailure(message: "\(receiver.notStrict) lines are not strict") }
        try receiver.store.close()
        return run
    }

    private struct Sent: Sendable {
        let enrolment: Enrolment
        let frame: LinesFrame
        /// As it travels.
        let bytes: [UInt8]

        var lines: [[UInt8]] { (0..<frame.count).map { Array(frame.line(at: $0)) } }
    }
}

extension Int {
    var grouped: String { Double(self).grouped }
}
