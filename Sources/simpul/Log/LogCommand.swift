import ArgumentParser

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show and verify what the logs of this node hold. / Melihat dan memeriksa log.",
        discussion: """
            simpul log list                      every log, with its number of lines
            simpul log show                      the newest records, with how far each has come
            simpul log show lontar-a --json      the exact bytes of the lines, one a line
            simpul log verify                    every tree, signature and receipt, from the lines alone
            """,
        subcommands: [LogListCommand.self, LogShowCommand.self, LogVerifyCommand.self])
}
