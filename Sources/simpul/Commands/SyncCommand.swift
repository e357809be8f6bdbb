import ArgumentParser
import Catalogue
import Foundation
import Node
import Server
import ServiceLifecycle
import Sync
import Transport

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Carry records up and answers down, now or by the clock. / Mengirim dan menerima.",
        discussion: """
                simpul sync                     now, once
                simpul sync --every 15m         again and again, that long after the last success
                simpul sync --nightly 01:30     every night, spread over the minutes after it

            May be cut, stopped or killed at any moment: what the parent has confirmed stays, the rest goes up the next
            time. What failed is retried with growing, random pauses; a parent that asks for peace is left alone. On a
            terminal it draws a progress line, elsewhere it writes a structured log.

            Ends with 0 when both sides hold the same, or it was stopped while it kept a schedule; with 75 when trying
            again may help; with 77 when the parent refuses this node. `simpul status` says how records stand.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: ArgumentHelp("Sync again that long after each success: 90s, 15m, 2h.", valueName: "pause"))
    var every: String?

    @Option(help: ArgumentHelp("Sync every night at that time of the node's own zone.", valueName: "hh:mm"))
    var nightly: String?

    @Option(help: ArgumentHelp("Spread nightly syncs over that long.", valueName: "span"))
    var jitter = "20m"

    @Option(help: "How often to try before giving up; without --every and --nightly.")
    var tries = 1

    @Flag(help: "Allow plain HTTP to another machine: everybody on the way reads along.")
    var allowPlain = false

    func validate() throws {
        guard every == nil || nightly == nil else { throw ValidationError("Give --every or --nightly, not both.") }
        guard tries >= 1 else { throw ValidationError("--tries is at least 1.") }
    }

    func run() async throws {
        if every != nil || nightly != nil { return try await keepSchedule() }
        let node = try folder.open()
        defer { closeQuietly(node) }
        let observer = OnceObserver(terminal: Terminal.isThere ? terminal : nil)
        let daemon = try SyncDaemon(
            node, schedule: .once, tries: tries, observer: observer, allowsPlain: allowPlain)
        try await Stoppable(logger: node.logger).run { try await daemon.run() }
        let words = SyncWords(language: language)
        guard let summary = observer.summary else {
            Output.note(
                language.say(
                    "Dihentikan. Yang sudah diterima induk tetap di sana.", "Stopped. What the parent has stays there.")
            )
            throw ExitCode(EX_TEMPFAIL)
        }
        for line in words.lines(summary, try NodeStatus(node)) { Output.result(line) }
        if let behind = observer.behind { Output.note("simpul: \(behind)") }
    }

    /// Until it is stopped. Where the folder goes on to another epoch, the node is opened again.
    private func keepSchedule() async throws {
        var hasLeft = false
        repeat {
            let node = try folder.open()
            defer { closeQuietly(node) }
            let mark = try SyncSchedule(keeping: node.folder)
            defer { mark.end() }
            let observer: any SyncObserver = Terminal.isThere ? terminal : LogProgress(node.logger)
            let daemon = try SyncDaemon(
                node, schedule: try schedule(node.configuration.timeZone), observer: observer, allowsPlain: allowPlain)
            let watch = EpochWatch(node)
            try await Stoppable(logger: node.logger).run {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await watch.run() }
                    group.addTask { try await daemon.run() }
                    try await group.next()
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
            hasLeft = watch.hasLeft
        } while hasLeft
    }

    private var terminal: TerminalProgress {
        TerminalProgress(words: language.language == .english ? .english : .indonesian)
    }

    private func schedule(_ zone: String) throws -> Schedule {
        do {
            if let every { return try Schedule("every \(every)") }
            if let nightly { return try Schedule("nightly \(nightly) \(zone) within \(jitter)") }
            return .once
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
