import Foundation
import Synchronization

/// Tells a sync to a person at a terminal: one line that is drawn over, and a last word that stays.
public final class TerminalProgress: SyncObserver {
    private let words: ProgressWords
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    private let throttle: Throttle
    private let isDrawn = Mutex(false)

    /// - Parameters:
    ///   - width: columns of the terminal, asked anew each time.
    ///   - write: puts text on it; by default the standard error stream.
    public init(
        words: ProgressWords = .indonesian, width: @escaping @Sendable () -> Int = Terminal.width,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        write: @escaping @Sendable (String) -> Void = Terminal.write
    ) {
        self.words = words
        self.width = width
        self.write = write
        throttle = Throttle(interval: .milliseconds(100), now: now)
    }

    public func note(_ event: SyncEvent) {
        let line = ProgressLine(width: width(), words: words)
        switch event {
        case .started: draw(line.text(SyncProgress(sent: 0, toSend: 0, received: 0)))
        case .moved(let progress):
            // The end is always shown, or a bar would stop just before it.
            guard throttle.isOpen() || progress.sent == progress.toSend else { return }
            draw(line.text(progress))
        case .finished(let summary): say(line.text(summary))
        case .failed(let reason, _, let next):
            let when = next.map { " (\(words.next) \($0.formatted(date: .omitted, time: .standard)))" }
            say("\(words.failed): \(reason)\(when ?? "")")
        case .readModelsBehind(let reason): say("\(words.behind): \(reason)")
        case .waiting: break
        }
    }

    private func draw(_ text: String) {
        isDrawn.withLock { isDrawn in
            isDrawn = true
            write("\r\(text)\u{1b}[K")
        }
    }

    private func say(_ text: String) {
        isDrawn.withLock { isDrawn in
            write((isDrawn ? "\r\u{1b}[K" : "") + text + "\n")
            isDrawn = false
        }
    }
}

/// The terminal behind the standard error stream, if there is one.
public enum Terminal {
    public static var isThere: Bool { isatty(STDERR_FILENO) == 1 }

    /// In columns; 80 if it does not say.
    @Sendable public static func width() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// A progress line that cannot be shown is no reason to stop a sync, so what was not written is let go.
    @Sendable public static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
