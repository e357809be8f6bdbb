import ArgumentParser
import Event
import Foundation
import Node
import Store

struct NodesRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a node's right to sync. What it wrote before stays.",
        discussion: """
            For a laptop that was lost, stolen or given back. It gets nothing from then on, and nobody takes anything
            from it; its owner enrols again with a new invitation.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "The node's name.")
    var node: String

    @Option(help: "Which copy of it, as `simpul nodes list` shows. Default: all that are not revoked yet.")
    var epoch: String?

    @Option(help: "Why, a code of the list REVOKE_REASON: lost, replaced, retired, compromised, other.")
    var reason: String

    @Flag(help: "Do not ask.")
    var yes = false

    func run() throws {
        let opened = try folder.open()
        defer { closeQuietly(opened) }
        let name = try NodeName(node)
        let copies = try opened.store.enrolments().filter {
            $0.enrolment.node == name && $0.revoked == nil && (epoch == nil || $0.enrolment.epoch.description == epoch)
        }
        guard name != opened.own.node else {
            throw NodeError(.badInput, "\(name) is this node itself", advice: "revoke it at its parent")
        }
        guard !copies.isEmpty else {
            throw NodeError(.badInput, "no copy of \(name) is enrolled here", advice: "`simpul nodes list` shows them")
        }
        if let foreign = copies.first(where: { !$0.enrolment.region.isAtOrBelow(opened.own.region) }) {
            throw NodeError(
                .badInput, "\(name) is of \(foreign.enrolment.region), not within \(opened.own.region)",
                advice: "revoke it where it was enrolled, or at the centre")
        }
        guard yes || confirmed(name) else { throw ExitCode(EX_USAGE) }
        for copy in copies {
            try opened.revoke(node: name, epoch: copy.enrolment.epoch, reason: reason)
            Output.result(
                language.say("\(name)/\(copy.enrolment.epoch) dicabut.", "\(name)/\(copy.enrolment.epoch) is revoked."))
        }
    }

    private func confirmed(_ name: NodeName) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else {
            Output.note(
                language.say("Tulis --yes untuk mencabut tanpa ditanya.", "Write --yes to revoke without being asked."))
            return false
        }
        Output.prompt(language.say("Cabut \(name)? Tulis namanya: ", "Revoke \(name)? Write its name: "))
        return readLine() == name.description
    }
}
