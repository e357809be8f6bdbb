import ArgumentParser
import Event
import Foundation
import Node
import Store

struct NodesRecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Give out a village's recovery code. It is written down who did, when and why.",
        discussion: """
                simpul nodes recover lontar-a --reason "forgot; known by voice, called back on the number on file"

            Whoever has the code and the laptop reads everything on it. Call back on a number you know; never send the
            code by message. The line about it is in this node's log before the code is shown. The code is of no use once
            the village has made a new passphrase with it.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "The node's name.")
    var node: String

    @Option(help: "Which copy of it, as `simpul nodes list` shows, when there are several.")
    var epoch: String?

    @Option(help: "Why, and how you know who asks. No names of people.")
    var reason: String

    func run() throws {
        let opened = try folder.open()
        defer { closeQuietly(opened) }
        let deposits = try opened.recoveryDeposits(of: try NodeName(node)).filter {
            epoch == nil || $0.enrolment.epoch.description == epoch
        }
        guard let deposit = deposits.first, deposits.count == 1 else {
            let copies = deposits.map(\.enrolment.epoch.description).joined(separator: ", ")
            throw NodeError(
                .badInput, copies.isEmpty ? "no such copy of \(node)" : "\(node) has several copies: \(copies)",
                advice: "say which with --epoch; `simpul status` on the laptop shows its own")
        }
        let author = author.author(opened)
        let code = try opened.issueRecovery(deposit, reason: reason, by: author.actor, role: author.role)
        Output.note(
            language.say(
                "Bacakan kepada pemanggil; jangan dikirim lewat pesan. Dititipkan \(deposit.time).",
                "Read it out to the caller; do not send it by message. Deposited \(deposit.time)."))
        Output.result(code.text)
    }
}
