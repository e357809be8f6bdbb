import Foundation
import Logging
import Synchronization
import Testing

@testable import Node

@Suite struct `A progress line` {
    private let wide = ProgressLine(width: 80, words: .indonesian)

    @Test(arguments: [
        (0, 2_000, 0, "[------------------------------]   0% · 0/2000 naik · 0 turun"),
        (1_000, 2_000, 35, "[###############---------------]  50% · 1000/2000 naik · 35 turun"),
        (2_000, 2_000, 35, "[##############################] 100% · 2000/2000 naik · 35 turun"),
        (5, 3, 0, "[##############################] 100% · 5/5 naik · 0 turun"),
        (0, 0, 7, "Sinkron: 0/0 naik · 7 turun"),
    ])
    func `shows how far it is`(sent: Int, toSend: Int, received: Int, text: String) {
        #expect(wide.text(SyncProgress(sent: sent, toSend: toSend, received: received)) == text)
    }

    @Test func `is never wider than the terminal`() {
        for width in 0...120 {
            let line = ProgressLine(width: width, words: .english)
            let text = line.text(SyncProgress(sent: 123_456, toSend: 234_567, received: 345))
            #expect(text.count < max(width, 1))
        }
    }

    @Test func `ends with what moved and what is held up`() {
        let summary = SyncSummary(
            linesSent: 20, linesReceived: 3, requests: 2, bytesSent: 1_234, bytesReceived: 2_000_000,
            refused: 2)
        #expect(
            wide.text(summary) == "Selesai: 20 naik, 3 turun (2.0 MB) · 2 log tertahan, lihat `simpul status`"
        )
    }
}

@Suite struct `Telling a sync` {
    /// A clock moved by hand, and what was written.
    private final class Screen: Sendable {
        let text = Mutex("")
        let time = Mutex(ContinuousClock.now)
        var now: @Sendable () -> ContinuousClock.Instant { { self.time.withLock { $0 } } }
        func pass(_ duration: Duration) { time.withLock { $0 += duration } }
        func write(_ more: String) { text.withLock { $0 += more } }
    }

    private let end = SyncEvent.finished(SyncSummary(linesSent: 3))

    @Test func `to a terminal draws over one line, not too often, and leaves the last word`() {
        let screen = Screen()
        let terminal = TerminalProgress(
            words: .english, width: { 60 }, now: screen.now, write: { screen.write($0) })
        terminal.note(.started)
        for sent in 1...3 { terminal.note(.moved(.init(sent: sent, toSend: 4, received: 0))) }
        screen.pass(.milliseconds(100))
        terminal.note(.moved(.init(sent: 3, toSend: 4, received: 1)))
        terminal.note(.moved(.init(sent: 4, toSend: 4, received: 1)))
        terminal.note(end)
        let lines = screen.text.withLock { $0 }.split(separator: "\r").map(String.init)
        #expect(lines.count == 4)
        #expect(lines.dropLast().allSatisfy { $0.hasSuffix("\u{1b}[K") })
        #expect(lines.last == "\u{1b}[KDone: 3 up, 0 down (0 B)\n")
    }

    @Test func `to the log says the end, a failure, and the way now and then`() {
        let screen = Screen()
        var logger = Logger(label: "test") { _ in Notes(screen.write) }
        logger.logLevel = .info
        let log = LogProgress(logger, interval: .seconds(15), now: screen.now)
        log.note(.started)
        log.note(.moved(.init(sent: 1, toSend: 4, received: 0)))
        screen.pass(.seconds(15))
        log.note(.moved(.init(sent: 2, toSend: 4, received: 0)))
        log.note(.moved(.init(sent: 3, toSend: 4, received: 0)))
        log.note(end)
        log.note(.failed("no line", failures: 1, next: Date(timeIntervalSince1970: 0)))
        let lines = screen.text.withLock { $0 }.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("info Syncing") == true)
        #expect(lines.dropFirst().first?.contains("lines-sent=3") == true)
        #expect(lines.last?.contains("next=1970-01-01T00:00:00Z") == true)
        #expect(lines.last?.hasPrefix("warning") == true)
    }

    /// Hands log lines to the test.
    private struct Notes: LogHandler {
        let write: @Sendable (String) -> Void
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted().joined(separator: " ")
            write("\(event.level) \(event.message) \(fields)\n")
        }
    }
}
