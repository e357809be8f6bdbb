import Catalogue
import Dispatch
import Store
import Sync
import Synchronization

/// Receiving frames against inserting the same rows in equal, equally durable batches through SQLite's C interface.
struct ReceivingFrames: Measurement {
    /// Lines of a frame.
    let batch: Int

    var name: String { "receive-\(batch)" }
    var about: String {
        "frames of \(batch.grouped) lines: tree, signature, strict reading, receipt and intake line included"
    }

    /// Villages that send in turn, so that each frame goes to another log than the one before.
    private static let villages = 100

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        let frames = (setting.isQuick ? 150 : 600) / batch + 1
        let byVillage = try workload.villages(0..<Self.villages) { log in
            try (0..<frames).map { _ in
                let frame = try log.nextFrame(batch)
                return Sent(enrolment: log.enrolment, frame: frame, bytes: try Frame.lines(frame).encoded())
            }
        }
        let sent = (0..<frames).flatMap { turn in byVillage.map { $0.value[turn] } }
        return try [4, 1].map { try row(sent, sessions: $0, setting) }
    }

    private func row(_ sent: [Sent], sessions: Int, _ setting: Setting) throws -> BenchRow {
        var runs: [Run] = []
        for _ in 0..<setting.repetitions { runs.append(try run(sent, sessions: sessions, setting)) }
        let lines = Double(sent.count * batch)
        let ratios = runs.map { $0.bare / $0.received }
        let (received, bare) = (runs.map { lines / $0.received }.median, runs.map { lines / $0.bare }.median)
        let used = [runs.map(\.receivedProcessor).median, runs.map(\.bareProcessor).median].map { $0 / lines * 1e6 }
        let who = sessions == 1 ? "one session alone" : "\(sessions) sessions at once"
        return BenchRow(
            "receive frames of \(batch.grouped) lines, \(who), against bare SQLite", ratios.median, atLeast: 0.5,
            detail: "\(received.grouped) against \(bare.grouped) lines/s, \(used[0].text(digits: 0)) and "
                + "\(used[1].text(digits: 0)) µs of processor a line; \(ratios.range(digits: 2))")
    }

    /// Seconds of each.
    private struct Run {
        var received = 0.0
        var bare = 0.0
        var receivedProcessor = 0.0
        var bareProcessor = 0.0
    }

    /// Takes turns every few frames, so that what else the machine and its disk do meets both alike.
    private func run(_ sent: [Sent], sessions: Int, _ setting: Setting) throws -> Run {
        let store = try Receiver.store(folder: try setting.scratch.folder("receiver"))
        for item in sent.prefix(Self.villages) { try store.trust(item.enrolment) }
        let receivers = try (0..<sessions).map { _ in try Receiver(store: store) }
        let table = try BareTable(folder: try setting.scratch.folder("bare"))
        var run = Run()
        // A whole number of rounds of all sessions, so that a village stays with its session.
        for start in stride(from: 0, to: sent.count, by: 20) {
            let turn = start..<min(start + 20, sent.count)
            let batches = turn.map { index in
                (Int64(index % Self.villages + 1) << 40 | sent[index].frame.from, sent[index].lines)
            }
            let start = ownProcessorSeconds
            run.received += try seconds { try receive(Array(sent[turn]), receivers) }
            let middle = ownProcessorSeconds
            run.bare += try seconds { for (id, lines) in batches { try table.insert(lines, from: id) } }
            run.receivedProcessor += middle - start
            run.bareProcessor += ownProcessorSeconds - middle
        }
        try store.close()
        return run
    }

    private func receive(_ sent: [Sent], _ receivers: [Receiver]) throws {
        let failures = Mutex<[any Error]>([])
        // Each receiver is one session's, used by one iteration at a time.
        nonisolated(unsafe) let receivers = receivers
        DispatchQueue.concurrentPerform(iterations: receivers.count) { session in
            do {
                for index in stride(from: session, to: sent.count, by: receivers.count) {
                    try receivers[session].receive(sent[index].bytes)
                }
            } catch {
                failures.withLock { $0.append(error) }
            }
        }
        if let failure = failures.withLock({ $0.first }) { throw failure }
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
