/// A sync on one line of a terminal, never wider than that.
struct ProgressLine: Sendable {
    let width: Int
    let words: ProgressWords

    /// `[########--------]  50% · 1000/2000 naik · 35 turun`
    func text(_ progress: SyncProgress) -> String {
        let total = max(progress.toSend, progress.sent)
        let counts = "\(progress.sent)/\(total) \(words.up) · \(progress.received) \(words.down)"
        guard total > 0 else { return fit("\(words.syncing): \(counts)") }
        let share = Double(progress.sent) / Double(total)
        let percent = Int(share * 100)
        let tail = " \(percent < 10 ? "  " : percent < 100 ? " " : "")\(percent)% · \(counts)"
        let room = min(width - tail.count - 3, 30)
        return fit(room >= 8 ? bar(share, room) + tail : String(tail.drop { $0 == " " }))
    }

    /// `Selesai: 2000 naik, 35 turun (183 kB)`
    func text(_ summary: SyncSummary) -> String {
        let up = "\(summary.linesSent) \(words.up)"
        let down = "\(summary.linesReceived) \(words.down)"
        let bytes = ProgressLine.size(summary.bytesSent + summary.bytesReceived)
        var text = "\(words.done): \(up), \(down) (\(bytes))"
        if summary.refused > 0 { text += " · \(summary.refused) \(words.heldUp)" }
        return text
    }

    private func bar(_ share: Double, _ room: Int) -> String {
        let full = min(room, Int(share * Double(room)))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: room - full) + "]"
    }

    private func fit(_ text: String) -> String { String(text.prefix(max(width - 1, 0))) }

    static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) B"
        case ..<1_000_000: "\(bytes / 1_000) kB"
        default: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
        }
    }
}

/// The few words a progress line needs.
public struct ProgressWords: Sendable {
    let syncing, up, down, done, heldUp, failed, next, behind: String

    public static let indonesian = ProgressWords(
        syncing: "Sinkron", up: "naik", down: "turun", done: "Selesai",
        heldUp: "log tertahan, lihat `simpul status`",
        failed: "Gagal", next: "dicoba lagi", behind: "Tabel belum diperbarui")
    public static let english = ProgressWords(
        syncing: "Syncing", up: "up", down: "down", done: "Done", heldUp: "logs held up, see `simpul status`",
        failed: "Failed", next: "next try", behind: "Read models are behind")
}
