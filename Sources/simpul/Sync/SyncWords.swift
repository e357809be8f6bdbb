import Node

/// Tells how a sync went and where records stand now.
struct SyncWords {
    let language: LanguageOption

    func lines(_ summary: SyncSummary, _ status: NodeStatus) -> [String] {
        let bytes = "\(size(summary.bytesSent)) ↑ \(size(summary.bytesReceived)) ↓"
        let moved = language.say(
            "\(summary.linesSent) baris naik, \(summary.linesReceived) turun (\(summary.requests) permintaan, \(bytes))",
            "\(summary.linesSent) lines up, \(summary.linesReceived) down (\(summary.requests) requests, \(bytes))")
        let text = StatusText(status: status, language: language)
        return [moved, text.written] + text.heldUp.map { "  " + $0 }
    }

    private func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) B"
        case ..<1_000_000: "\(bytes / 1_000).\(bytes / 100 % 10) kB"
        default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
        }
    }
}
