import ArgumentParser
import Catalogue
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

            What it wrote counts all the same, also what arrives later by other ways: unless --at says how many lines of
            each of its logs its owner wrote. What lies beyond is kept and not counted.
                --at held                what is here now counts
                --at LOG#SIZE            so many lines of that log, as `simpul log list` shows it; may be repeated;
                                         of its logs that are not named, none
                --at all                 everything, which takes an earlier --at back
            With --at, a copy that is revoked already gets these sizes instead.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "The node's name.")
    var node: String

    @Option(help: "Which copy of it, as `simpul nodes list` shows. Default: all that are not revoked yet.")
    var epoch: String?

    @Option(help: "Why, a code of the list REVOKE_REASON: lost, replaced, retired, compromised, other.")
    var reason: String

    @Option(help: "How much of what it wrote counts: held, all, or LOG#SIZE.")
    var at: [String] = []

    @Flag(help: "Do not ask.")
    var yes = false

    func run() throws {
        let opened = try folder.open()
        defer { closeQuietly(opened) }
        let name = try NodeName(node)
        let copies = try opened.store.enrolments().filter {
            $0.enrolment.node == name && ($0.revoked == nil || !at.isEmpty)
                && (epoch == nil || $0.enrolment.epoch.description == epoch)
        }
        guard name != opened.own.node else {
            throw NodeError(.badInput, "\(name) is this node itself", advice: "revoke it at its parent")
        }
        guard opened.catalogue.codeLists["REVOKE_REASON"]?[reason] != nil else {
            throw NodeError(
                .badInput, "“\(reason)” is no reason to revoke",
                advice: "give lost, replaced, retired, compromised or other; nothing was changed")
        }
        let revoked = try opened.store.enrolments().first { $0.enrolment.node == name && $0.revoked != nil }
        if copies.isEmpty, epoch == nil, let since = revoked?.revoked {
            throw NodeError(
                .badInput, "\(name) is revoked already (\(since))", advice: "--at changes how much of its work counts")
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
        let sizes = try RevocationSizes(at)
        for copy in copies {
            let counting = try sizes.counting(node: name, epoch: copy.enrolment.epoch, in: opened.store)
            if copy.revoked == nil {
                try opened.revoke(node: name, epoch: copy.enrolment.epoch, reason: reason, sizes: counting)
            } else {
                try opened.correctRevocation(node: name, epoch: copy.enrolment.epoch, sizes: counting)
            }
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
