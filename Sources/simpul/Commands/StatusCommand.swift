import ArgumentParser
import Node

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How this node is doing, and how far its records have come. / Keadaan simpul ini.",
        discussion: """
            A record goes: tersimpan (saved here) → di hub → di pusat (at the centre) → terhitung (counted). Each step
            is what a holder signed for, never what was merely sent. What is held up is listed with the reason.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let status = try NodeStatus(node)
        if json {
            Output.result(status.json)
        } else {
            for line in StatusText(status: status, language: language).lines { Output.result(line) }
        }
    }
}
