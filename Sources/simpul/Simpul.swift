import ArgumentParser
import Foundation
import Logging

@main
struct Simpul: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simpul",
        abstract:
            "Records what happens to migrant workers and their families, offline, and carries it to those who can act.",
        discussion: """
            A village laptop:   simpul init --invite CODE, then simpul app and simpul sync --every 15m
            A hub or centre:    simpul init …, simpul invite …, simpul serve
            An analyst:         simpul query MODEL, simpul explain MODEL KEY
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "RECORDING",
                subcommands: [
                    RecordCommand.self, AttachCommand.self, AttachmentCommand.self, ImportCommand.self,
                    StatusCommand.self, LogCommand.self, SyncCommand.self,
                    BundleCommand.self,
                ]),
            CommandGroup(
                name: "ASKING",
                subcommands: [
                    QueryCommand.self, ExplainCommand.self, PublishCommand.self, ReleaseCommand.self, AuditCommand.self,
                    FiguresCommand.self, ProveCommand.self, WitnessCommand.self,
                ]),
            CommandGroup(
                name: "RUNNING A NODE",
                subcommands: [
                    InitCommand.self,
                    InviteCommand.self,
                    MoveCommand.self,
                    AppCommand.self,
                    ServeCommand.self,
                    AccountCommand.self,
                    NodesCommand.self,
                    PassphraseCommand.self,
                    UnlockCommand.self,
                    LockCommand.self,
                    RecoverCommand.self,
                    OfficeCommand.self,
                    OpenSealedCommand.self,
                    KeysCommand.self,
                    EraseCommand.self,
                    CatalogueCommand.self,
                    ModelsCommand.self,
                    RebuildCommand.self,
                    BackupCommand.self,
                    RestoreCommand.self,
                    ResumeCommand.self,
                ]),
        ])

    static func main() async {
        Hardening.apply()
        // Results are on the standard output; what happens meanwhile is told beside it.
        LoggingSystem.bootstrap { label in
            var handler = CleanLogHandler(StreamLogHandler.standardError(label: label))
            handler.logLevel = Self.logLevel
            return handler
        }
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
        ExitStatus.end(EXIT_SUCCESS)
    }

    /// `SIMPUL_LOG_LEVEL`: trace, debug, info (usual), notice, warning, error, critical.
    private static var logLevel: Logger.Level {
        ProcessInfo.processInfo.environment["SIMPUL_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .info
    }
}
