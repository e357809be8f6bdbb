import ArgumentParser
import Event
import Foundation
import Node

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a node from a backup, under a new key. / Memulihkan dari cadangan.",
        discussion: """
            A village or a hub, with an invitation of its parent for the same name:
                simpul restore BACKUP --folder FOLDER --invite simpul-invite-…
            The centre, with its key file, which is kept apart from backups:
                simpul restore BACKUP --folder FOLDER --root-key FILE
            What was written after the backup comes back with the next syncs. A hub or centre writes nothing until its
            parent and its children have answered; `simpul resume` says who is awaited.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "The invitation code that the operator of the parent gave you, or a file holding it.")
    var invite: String?

    @Option(help: "The centre's key file secrets/node-key.json, from where it was kept.")
    var rootKey: String?

    @Option(help: "PEM file of certificate authorities to trust for the parent, instead of the system's.")
    var authority: String?

    @Argument(help: "The backup's folder.")
    var backup: String

    func validate() throws {
        guard (invite == nil) != (rootKey == nil) else { throw ValidationError("Give --invite or --root-key.") }
    }

    func run() async throws {
        let approval: NodeBackup.Approval
        if let invite {
            approval = .invitation(try InvitationArgument.read(invite), authority: authority)
        } else {
            approval = .rootKey(rootKey ?? "")
        }
        let (backup, target) = (backup, folder.nodeFolder)
        let made = try await Blocking(label: "restore").run {
            try NodeBackup.restore(backup, to: target, with: approval, now: Wall.now)
        }
        Output.result(
            language.say(
                "\(made.node) dipulihkan di \(folder.path) dengan kunci baru: \(made.lines) baris dalam \(made.logs) log. "
                    + "Berikutnya: simpul sync.",
                "\(made.node) is restored in \(folder.path) under a new key: \(made.lines) lines in \(made.logs) logs. "
                    + "Next: simpul sync."))
    }
}
