import ArgumentParser
import Event
import Foundation
import Node
import Store

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a node in a folder of its own.",
        discussion: """
            With an invitation, a village or a hub:
                simpul init --invite simpul-invite-…
            Without one, the centre, at which everything ends:
                simpul init --centre --node pusat
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "The invitation code that the operator of the hub or centre gave you, or a file holding it.")
    var invite: String?

    @Flag(help: "Make the centre.")
    var centre = false

    @Option(help: "Name of the centre's node: small letters, digits, hyphens.")
    var node: String?

    @Option(help: "Edition of the region codes that the centre uses.")
    var regionEdition = "2025-2430"

    @Option(help: "Time zone of the place: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT).")
    var timeZone = "Asia/Jakarta"

    @Option(help: "PEM file of certificate authorities to trust for the parent, instead of the system's.")
    var authority: String?

    @Flag(help: "Set a passphrase right away, so that no key ever stands on the disk in plain.")
    var passphrase = false

    @Option(help: "Read the passphrase from this file, - for standard input, instead of asking.")
    var passphraseFile: String?

    func run() async throws {
        // Asked first: what is wrong with it must not leave half a node.
        let wanted =
            passphrase || passphraseFile != nil
            ? try SecretPrompt(language: language).new(file: passphraseFile) : nil
        if let invite {
            let invitation = try InvitationArgument.read(invite)
            let folder = folder.nodeFolder
            let (timeZone, authority) = (timeZone, authority)
            try await Blocking(label: "init").run {
                try NodeSetup.join(folder: folder, invitation: invitation, timeZone: timeZone, authority: authority)
            }
            try protect(wanted)
            print("\(invitation.node) siap di \(folder.path); induknya \(invitation.server.node).")
            print("\(invitation.node) is ready in \(folder.path); its parent is \(invitation.server.node).")
            return
        }
        guard centre, let node else {
            throw NodeError(
                .badInput, "simpul init needs --invite CODE, or --centre with --node NAME",
                advice: "ask the operator of your hub for an invitation")
        }
        try NodeSetup.makeCentre(
            folder: folder.nodeFolder, node: try NodeName(node), edition: regionEdition, timeZone: timeZone,
            now: Wall.now)
        try protect(wanted)
        print("\(node) is ready in \(folder.path). Next: simpul invite, then simpul serve.")
    }

    private func protect(_ passphrase: Passphrase?) throws {
        guard let passphrase else { return }
        let node = try folder.open()
        defer { closeQuietly(node) }
        PaperCode(language: language).tell(try node.setPassphrase(passphrase))
    }
}
