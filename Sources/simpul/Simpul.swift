import ArgumentParser

@main
struct Simpul: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simpul",
        abstract: "Records what happens to migrant workers and their families, offline, and carries it to those who can act.",
        discussion: """
            A village laptop:   simpul init --invite CODE, then simpul app and simpul sync --every 15m
            A hub or centre:    simpul init …, simpul invite …, simpul serve
            An analyst:         simpul query MODEL, simpul explain MODEL KEY
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, InviteCommand.self, RecordCommand.self, ImportCommand.self, StatusCommand.self, SyncCommand.self, LogCommand.self,
            ServeCommand.self, QueryCommand.self, ExplainCommand.self, PublishCommand.self, FiguresCommand.self,
            RebuildCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.exit(with: error)
        }
    }
}
