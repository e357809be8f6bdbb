import ArgumentParser
import Event
import Foundation
import Node
import Store

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Go over to another hub, with everything this node holds. / Pindah ke kantor lain.",
        discussion: """
                simpul move --invite simpul-invite-…

            The operator of the new hub makes the invitation in this node's name and for its region. Name, keys, records
            and logs stay; what the former hub never got goes to the new one with the next sync. The former hub learns of
            it through the centre.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "The invitation code that the operator of the new hub gave you, or a file holding it.")
    var invite: String

    @Option(help: "PEM file of certificate authorities to trust for the new parent, instead of the system's.")
    var authority: String?

    func run() async throws {
        let invitation = try InvitationArgument.read(invite)
        let (folder, authority) = (folder.nodeFolder, authority)
        let moved = try await Blocking(label: "move").run {
            try NodeSetup.move(folder: folder, invitation: invitation, authority: authority, now: Wall.now)
        }
        Output.result(
            language.say(
                "\(invitation.node) pindah dari \(moved.from) ke \(moved.to). Semua catatan tetap di sini; "
                    + "`simpul sync` mengirim yang belum ada di \(moved.to).",
                "\(invitation.node) moved from \(moved.from) to \(moved.to). Every record stays here; "
                    + "`simpul sync` sends what \(moved.to) lacks."))
    }
}
