import Event
import Sync

/// What one request proves about the line: how much went through, in frames of what size, and how much of it was
/// confirmed before it ended.
///
/// Counts decoded bytes, as `LinePace` does. Used on one thread.
final class PaceMeter {
    private struct Unconfirmed {
        let end: Int64
        let bytes: Int64
    }

    private let started = ContinuousClock.now
    private var unconfirmed: [LogName: [Unconfirmed]] = [:]
    private var largestFrame = 0
    private var up: Int64 = 0
    private var down: Int64 = 0
    private var confirmed: Int64 = 0

    func sent(_ frame: Frame) {
        guard case .lines(let lines) = frame else { return }
        up += Int64(lines.byteCount)
        largestFrame = max(largestFrame, lines.byteCount)
        unconfirmed[lines.log, default: []].append(Unconfirmed(end: lines.end, bytes: Int64(lines.byteCount)))
    }

    /// Called once what came is stored here.
    func received(_ frame: Frame) {
        switch frame {
        case .lines(let lines):
            down += Int64(lines.byteCount)
            largestFrame = max(largestFrame, lines.byteCount)
        case .control(let records):
            for record in records where record["receipt"] != nil { confirm(record) }
        }
    }

    private func confirm(_ record: JSON) {
        // A receipt that cannot be read was refused by the session; here it just confirms nothing.
        guard let receipt = try? Receipt(json: record), receipt.kind == .held else { return }
        let waiting = unconfirmed[receipt.log] ?? []
        confirmed += waiting.filter { $0.end <= receipt.size }.reduce(0) { $0 + $1.bytes }
        unconfirmed[receipt.log] = waiting.filter { $0.end > receipt.size }
    }

    /// The pace after a request that was answered whole.
    func succeeded(_ pace: LinePace) -> LinePace {
        var pace = pace
        pace.succeeded(largestFrame: largestFrame, carried: max(up, down), took: started.duration(to: .now))
        return pace
    }

    /// The pace after a request that the line could not carry.
    func cut(_ pace: LinePace) -> LinePace {
        var pace = pace
        pace.wasCut(kept: max(confirmed, down))
        return pace
    }
}
