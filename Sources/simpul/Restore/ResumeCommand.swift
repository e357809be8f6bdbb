import ArgumentParser
import Event
import Node
import Store

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract:
            "Say for whom a restored hub or centre waits, or go on without them. / Melanjutkan setelah pemulihan.",
        discussion: """
            A restored hub or centre writes nothing until its parent and its children have answered, so that its lost lines
            are back before it writes new ones. A child that is gone for good is not waited for any longer with
            --without-them; who said so, and why, is kept and shown by `simpul status`.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Flag(help: "Write again, without those that are silent.")
    var withoutThem = false

    @Option(help: "Why they are not waited for.")
    var reason: String?

    func validate() throws {
        guard withoutThem == (reason != nil) else {
            throw ValidationError("--without-them takes --reason, and only it.")
        }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        guard try node.store.isHolding() else {
            return Output.result(
                language.say("Simpul ini tidak menunggu siapa pun.", "This node waits for nobody."))
        }
        if let reason {
            try node.store.override(by: author.author(node).actor, reason: reason)
            return Output.result(
                language.say("Simpul ini mencatat lagi.", "This node writes again."))
        }
        let silent = try node.store.silentPeers().map(\.description).joined(separator: ", ")
        Output.result(language.say("Menunggu: \(silent)", "Waiting for: \(silent)"))
    }
}
