import Catalogue
import Dispatch
import Event
import Node
import Store
import Sync
import Synchronization

/// Receiving with the read models kept up, on a centre that has much already.
struct KeepingUp: Measurement {
    let name = "models"
    let about = "receiving 2,000 logs × 50 lines with the read models kept up, 1 million lines already stored"

    private static let batch = 50

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        let villages = setting.isQuick ? 200 : 2_000
        let stored = 500
        let centre = try CentreNode(folder: try setting.scratch.folder("centre"))
        let table = try BareTable(folder: try setting.scratch.folder("bare"))
        var logs = try (0..<villages).map { try VillageLog($0, workload: workload) }
        try centre.trust(logs)
        note("  storing \((villages * stored).grouped) lines …")
        for (index, log) in logs.enumerated() {
            var log = log
            try table.insert(try log.nextLines(stored), from: Int64(index + 1) << 40)
        }
        logs = try centre.fill(logs, lines: stored, workload: workload)
        let filling = try seconds { try centre.node.project() }
        note("  their read models took \(filling.text(digits: 1)) s")

        var kept: [Double] = []
        var bare: [Double] = []
        var used: [Double] = []
        let lines = Double(villages * Self.batch)
        for _ in 0..<3 {
            let sent = try next(&logs, workload)
            let before = ownProcessorSeconds
            kept.append(lines / (try receive(sent, centre)))
            used.append((ownProcessorSeconds - before) / lines * 1e6)
            bare.append(lines / (try insert(sent, table)))
        }
        let ratios = zip(kept, bare).map { $0 / $1 }
        let total = (villages * stored).grouped
        return [
            BenchRow(
                "receive and keep the models, \(villages.grouped) logs × 50 lines onto \(total), against bare SQLite",
                ratios.median, atLeast: 0.15,
                detail: "bare \(bare.median.grouped) lines/s; \(ratios.range(digits: 2))"),
            BenchRow(
                "the same, lines a second",
                value: "\(kept.median.grouped) (\(used.median.text(digits: 0)) µs of processor a line)",
                target: "≥ 20,000", verdict: kept.median >= 20_000 ? .met : .missed),
            try apart(try next(&logs, workload), centre),
        ]
    }

    /// The next frame of every village.
    private func next(_ logs: inout [VillageLog], _ workload: Workload) throws -> [Sent] {
        let made = try workload.advance(logs) { log in
            let frame = try log.nextFrame(Self.batch)
            return Sent(frame: frame, bytes: try Frame.lines(frame).encoded())
        }
        logs = made.map(\.log)
        return made.map(\.value)
    }

    /// The two halves one after the other, to see which of them limits.
    private func apart(_ sent: [Sent], _ centre: CentreNode) throws -> BenchRow {
        let lines = Double(sent.count * Self.batch)
        let receiving = try seconds { try take(sent, centre) }
        let keeping = try seconds { try centre.node.project() }
        return BenchRow(
            "its two halves alone, lines a second",
            value: "receiving \((lines / receiving).grouped), reading into the models \((lines / keeping).grouped)")
    }

    private struct Sent: Sendable {
        let frame: LinesFrame
        let bytes: [UInt8]
    }

    /// Seconds until all is received and counted. Reading into the models goes on beside, as in the server.
    private func receive(_ sent: [Sent], _ centre: CentreNode) throws -> Double {
        let node = centre.node
        let isOver = Atomic(false)
        let failure = Mutex<(any Error)?>(nil)
        let reader = DispatchQueue(label: "bench.project")
        return try seconds {
            reader.async {
                do {
                    while !isOver.load(ordering: .acquiring) { try node.project() }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
            try take(sent, centre)
            isOver.store(true, ordering: .releasing)
            reader.sync {}
            if let failure = failure.withLock({ $0 }) { throw failure }
            try node.project()
        }
    }

    private func take(_ sent: [Sent], _ centre: CentreNode) throws {
        let decoder = try FrameReader(limit: .max)
        for item in sent {
            try decoder.feed(item.bytes)
            while let frame = try decoder.next() {
                if case .lines(let lines) = frame { try centre.receive(lines) }
            }
        }
    }

    private func insert(_ sent: [Sent], _ table: BareTable) throws -> Double {
        let batches = sent.enumerated().map { index, item in
            (Int64(index + 1) << 40 | item.frame.from, (0..<item.frame.count).map { Array(item.frame.line(at: $0)) })
        }
        return try seconds { for (id, lines) in batches { try table.insert(lines, from: id) } }
    }
}
