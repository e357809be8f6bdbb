import ArgumentParser
import Event
import Foundation
import Node
import Store

struct NodesExposureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exposure",
        abstract: "What a lost laptop may reveal, and how much of its work is safe here.",
        discussion: """
                simpul nodes revoke lontar-a --reason lost
                simpul nodes exposure lontar-a

            Lists the persons whose keys were wrapped for it, those to be warned first at the top, without names: open
            the hub's pages for these. What it recorded after its last line here is on that laptop alone.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "The node's name.")
    var node: String

    @Option(help: "Which copy of it, as `simpul nodes list` shows. Default: all of them.")
    var epoch: String?

    @Flag(help: "One JSON object a copy.")
    var json = false

    func run() throws {
        let opened = try folder.open()
        defer { closeQuietly(opened) }
        let exposures = try opened.exposures(of: try NodeName(node)).filter {
            epoch == nil || $0.enrolment.epoch.description == epoch
        }
        guard !exposures.isEmpty else {
            throw NodeError(
                .badInput, "no copy \(epoch ?? "") of \(node) is enrolled here",
                advice: "`simpul nodes list` shows them")
        }
        for exposure in exposures {
            if json { Output.result(document(exposure)) } else { show(exposure) }
        }
    }

    private func show(_ exposure: Exposure) {
        let copy = exposure.enrolment
        Output.result("\(copy.node)/\(copy.epoch)  \(copy.region)")
        Output.result(
            "  "
                + (exposure.revoked.map { language.say("dicabut \($0)", "revoked \($0)") }
                    ?? language.say(
                        "BELUM DICABUT: simpul nodes revoke \(copy.node) --reason lost",
                        "NOT REVOKED: simpul nodes revoke \(copy.node) --reason lost")))
        Output.result(
            "  "
                + language.say(
                    "kontak terakhir \(exposure.lastContact ?? "-")", "last contact \(exposure.lastContact ?? "-")"))
        Output.result(
            "  "
                + (exposure.hasPassphrase
                    ? language.say(
                        "kuncinya tersandi: yang mengambilnya harus menebak frasa sandi, kecuali laptop sedang terbuka",
                        "its keys are under a passphrase: a thief has to guess it, unless the laptop was unlocked")
                    : language.say(
                        "tanpa frasa sandi sejauh diketahui: siapa pun yang memegangnya dapat membaca semua orang di bawah ini",
                        "no passphrase as far as known here: whoever holds it can read all persons below")))
        let received = exposure.logs.reduce(0) { $0 + $1.size }
        Output.result(
            "  "
                + language.say(
                    "\(received) baris miliknya aman di sini; \(exposure.othersLines) baris simpul lain mungkin ada padanya",
                    "\(received) lines of its own are safe here; it may hold \(exposure.othersLines) lines of other nodes"
                ))
        for log in exposure.logs {
            Output.result("    \(log.log)  \(log.size)  \(log.last ?? "-")")
        }
        Output.result(
            "  "
                + language.say(
                    "\(exposure.persons.count) orang, rumah tangga atau perekrut datanya dapat terbaca; peringatkan yang teratas lebih dulu",
                    "\(exposure.persons.count) persons, households or recruiters can be read; warn those at the top first"
                ))
        for person in exposure.persons {
            let danger = person.immediateDanger ? language.say("BAHAYA", "DANGER") : ""
            Output.result(
                "    \(person.id)  \(person.village.padded(14))  "
                    + "\((person.openCase.map { language.say("kasus \($0)", "case \($0)") } ?? "").padded(16))  "
                    + "\((person.band ?? "").padded(10))\(danger)")
        }
    }

    private func document(_ exposure: Exposure) -> JSON {
        .object([
            JSONMember("node", .string(exposure.enrolment.node.description)),
            JSONMember("epoch", .string(exposure.enrolment.epoch.description)),
            JSONMember("region", .string(exposure.enrolment.region.description)),
            JSONMember("revoked", exposure.revoked.map { .string($0) } ?? .null),
            JSONMember("last_contact", exposure.lastContact.map { .string($0) } ?? .null),
            JSONMember("has_passphrase", .bool(exposure.hasPassphrase)),
            JSONMember("others_lines", .int(exposure.othersLines)),
            JSONMember(
                "logs",
                .array(
                    exposure.logs.map { log in
                        .object([
                            JSONMember("log", .string(log.log.description)), JSONMember("size", .int(log.size)),
                            JSONMember("last", log.last.map { .string($0) } ?? .null),
                        ])
                    })),
            JSONMember(
                "persons",
                .array(
                    exposure.persons.map { person in
                        .object([
                            JSONMember("person", .string(person.id)), JSONMember("village", .string(person.village)),
                            JSONMember("band", person.band.map { .string($0) } ?? .null),
                            JSONMember("open_case", person.openCase.map { .string($0) } ?? .null),
                            JSONMember("immediate_danger", .bool(person.immediateDanger)),
                        ])
                    })),
        ])
    }
}
