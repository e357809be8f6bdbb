import Catalogue
import Foundation
import Node
import Store
import Sync

/// A whole session between two real processes: a village that was offline for years, and the centre.
struct SessionOverLoopback: Measurement {
    let name = "session"
    let about = "100,000 lines from a village to a centre in another process, over TLS on loopback"

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        let count = setting.isQuick ? 10_000 : 100_000
        let centre = try ServedCentre(setting)
        defer { centre.program.stop() }
        let village = try centre.join("lontar-a", region: "36.04.13.2007", role: .village)
        note("  writing \(count.grouped) lines …")
        let lines = try village.write(count, workload)

        let own = ownProcessorSeconds
        let other = centre.program.processorSeconds
        let start = ContinuousClock.now
        let report = try await centre.sync(village)
        let taken = (ContinuousClock.now - start).seconds
        let (ownUsed, otherUsed) = (ownProcessorSeconds - own, centre.program.processorSeconds - other)
        guard report.tally.linesUp >= count else {
            throw ProgramFailure(message: "only \(report.tally.linesUp) of \(count) lines went up")
        }
        try centre.settle()
        let withModels = centre.program.processorSeconds - other
        let whole = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
        let best = try Zstd.compress(whole, level: 9).count
        try village.close()
        let perLine = Double(report.bytesSent) / Double(count)
        let ratio = Double(report.bytesSent) / Double(best)
        return [
            BenchRow(
                "session over loopback TLS, \(count.grouped) lines of \(whole.count / count) bytes",
                value: "\((Double(count) / taken).grouped) lines/s"),
            BenchRow(
                "its processor seconds",
                value: "village \(ownUsed.text(digits: 2)), centre \(otherUsed.text(digits: 2)) "
                    + "(\(withModels.text(digits: 2)) with read models)"),
            BenchRow(
                "its bytes up, against one zstd -9 stream of the same lines", ratio, atMost: 1.25,
                detail: "\(perLine.text(digits: 1)) bytes a line; down \(report.bytesReceived.grouped) bytes, "
                    + "\(report.tally.requests) requests"),
        ]
    }
}

extension Int64 {
    var grouped: String { Double(self).grouped }
}
