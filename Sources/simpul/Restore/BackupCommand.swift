import ArgumentParser
import Event
import Node

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy this node into a folder, whole and verified. / Membuat cadangan.",
        discussion: """
            May run beside the app, the server and syncs. The copy is read back, with every tree and signature, before it
            gets its name. No key is in it: `simpul restore` makes a node from it under a new one.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "A folder that is not there yet, on another disk.")
    var target: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let made = try NodeBackup.make(of: node, at: target)
        Output.result(
            language.say(
                "Cadangan \(made.node) di \(target): \(made.lines) baris dalam \(made.logs) log, sudah diperiksa.",
                "Backup of \(made.node) in \(target): \(made.lines) lines in \(made.logs) logs, verified."))
    }
}
