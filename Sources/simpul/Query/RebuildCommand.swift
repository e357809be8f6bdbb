import ArgumentParser
import Node

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Build the read models again from the logs, beside the ones in use, and switch.",
        discussion: """
            Nothing is lost: the models hold nothing of their own. Needed after a restore, or when a model's file was
            repaired by hand; new and changed models are built by themselves. Stop `simpul serve` and `simpul app` first.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let lines = try node.rebuild()
        Output.result(language.say("\(lines) baris dibaca.", "\(lines) lines read."))
    }
}
