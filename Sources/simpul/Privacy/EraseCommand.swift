import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store
import Sync

struct EraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Make a person's data unreadable on every node, for ever; or see how far that has come.",
        discussion: """
            At a village, the request, offline too; the hub has 72 hours from then on:
                simpul erase PERSON --request
            At the hub, what it would do, then the order, or the refusal with its ground:
                simpul erase PERSON --plan
                simpul erase PERSON --reason request
                simpul erase PERSON --refuse "Perkara TPPO masih berjalan"
            Which nodes have carried it out, which are silent, how many hours are left:
                simpul erase --status

            An order destroys the person's keys, and those of her household and cases under which her name may stand
            too, on every node that gets it, also on one that was restored from a backup or returns after a year. Facts
            without a name stay and are counted. It cannot be taken back.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "UUID of the person; several may be given, e.g. of those whose data are no longer needed.")
    var persons: [String] = []

    @Option(help: "Why, a code of the list ERASE_REASON: request, withdrawn, expired, unlawful, other.")
    var reason: String?

    @Option(help: ArgumentHelp("Do not erase, and say on what ground, without names.", valueName: "ground"))
    var refuse: String?

    @Flag(help: "Only record that it was asked for.")
    var request = false

    @Option(help: "Through what it was asked for, a code of CHANNEL: home, village_office, phone, letter, ….")
    var channel = "home"

    @Flag(help: "Only say what would be done.")
    var plan = false

    @Flag(help: "How far erasures have come.")
    var status = false

    @Option(
        help: "UUID of a household or case whose key is to stay though her name may stand under it; may be repeated.")
    var keep: [String] = []

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "One JSON object a line, of --status.")
    var json = false

    func validate() throws {
        let acts = [reason != nil, refuse != nil, request, plan, status].count { $0 }
        guard acts == 1 else { throw ValidationError("Give one of --reason, --refuse, --request, --plan, --status.") }
        guard status || !persons.isEmpty else { throw ValidationError("Say whose data: give the UUID of the person.") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        if status {
            let shown: [String?] = persons.isEmpty ? [nil] : persons
            for person in shown { try ErasureStatus(node: node, language: language, json: json).show(person) }
            return
        }
        let author = author.author(node)
        if request {
            for person in persons {
                let line = try node.requestErasure(
                    of: person, channel: channel, actor: author.actor, role: author.role)
                Output.result(line.reference.description)
            }
        } else if let refuse {
            for person in persons {
                let line = try node.refuseErasure(of: person, ground: refuse, actor: author.actor, role: author.role)
                Output.result(line.reference.description)
            }
        } else {
            try erase(node, author)
        }
    }

    private func erase(_ node: Node, _ author: Author) throws {
        let plans = try persons.map { try node.planErasure(of: $0, keep: Set(keep)) }
        for plan in plans { tell(plan) }
        guard let reason else { return }
        guard node.catalogue.codeLists["ERASE_REASON"]?[reason] != nil else {
            throw NodeError(
                .badInput, "“\(reason)” is not a code of ERASE_REASON",
                advice: "give request, withdrawn, expired, unlawful or other")
        }
        // Where a case runs the order itself says what to do; nothing is asked before.
        let isRefused = plans.contains { !$0.openCases.isEmpty }
        guard isRefused || yes || confirmed() else { throw ExitCode(EX_USAGE) }
        for line in try node.order(plans, reason: reason, actor: author.actor, role: author.role) {
            Output.result(line.reference.description)
        }
    }

    private func tell(_ plan: ErasurePlan) {
        Output.note(
            language.say(
                "Desa: \(plan.villages.map(\.description).joined(separator: ", "))",
                "Villages: \(plan.villages.map(\.description).joined(separator: ", "))"))
        if !plan.also.isEmpty {
            Output.note(
                language.say(
                    "Ikut dihancurkan (catatan rumah tangga dan kasus, namanya bisa ada di situ): ",
                    "Destroyed with it (notes on household and cases, where her name may stand): ")
                    + plan.also.map(\.holder).joined(separator: " "))
        }
        if !plan.openCases.isEmpty {
            Output.note(
                language.say("Kasus masih berjalan: ", "Cases that still run: ")
                    + plan.openCases.joined(separator: " "))
        }
        if plan.request == nil {
            Output.note(language.say("Tidak ada permintaan yang tercatat.", "No request is on record."))
        }
    }

    private func confirmed() -> Bool {
        guard isatty(STDIN_FILENO) == 1 else {
            Output.note(
                language.say("Tulis --yes untuk menghapus tanpa ditanya.", "Write --yes to erase without being asked."))
            return false
        }
        guard persons.count == 1, let person = persons.first else {
            Output.prompt(
                language.say(
                    "Ini tidak bisa dibatalkan. Tulis berapa orang yang dihapus: ",
                    "This cannot be undone. Write how many persons are erased: "))
            return readLine() == String(persons.count)
        }
        Output.prompt(
            language.say(
                "Ini tidak bisa dibatalkan. Tulis 8 huruf pertama UUID-nya: ",
                "This cannot be undone. Write the first 8 characters of the UUID: "))
        return readLine() == String(person.prefix(8))
    }
}

/// Which nodes have carried out an erasure, and the clock of 72 hours.
struct ErasureStatus {
    let node: Node
    let language: LanguageOption
    let json: Bool

    func show(_ person: String?) throws {
        try node.project()
        try node.completeErasures()
        let erasures = try node.erasureProgress(of: person, reader: .holder)
        for erasure in erasures {
            if json {
                Output.result(document(erasure))
                continue
            }
            Output.result("\(erasure.person)  \(words(erasure.status).padded(13))  \(clock(erasure))")
            for step in erasure.steps {
                let at = step.confirmedAt ?? step.lastContact ?? "-"
                Output.result("    \(step.node.padded(20))  \(words(step.state).padded(12))  \(at)")
            }
        }
        if erasures.isEmpty, !json { Output.note(language.say("Tidak ada penghapusan.", "There is no erasure.")) }
    }

    private func clock(_ erasure: ErasureState) -> String {
        guard !erasure.isDone, let left = erasure.hoursLeft else { return language.say("selesai", "done") }
        return left >= 0
            ? language.say("sisa \(left) jam dari 72", "\(left) of 72 hours left")
            : language.say("lewat \(-left) jam dari tenggat 72 jam", "\(-left) hours past the 72")
    }

    private func words(_ state: String) -> String {
        switch state {
        case "requested": language.say("diminta", "requested")
        case "ordered": language.say("diperintahkan", "ordered")
        case "refused": language.say("ditolak", "refused")
        case "confirmed": language.say("dilaksanakan", "carried out")
        case "revoked": language.say("dicabut", "revoked")
        case "late": language.say("terlambat", "late")
        case "silent": language.say("diam", "silent")
        default: language.say("menunggu", "waiting")
        }
    }

    private func document(_ erasure: ErasureState) -> JSON {
        .object([
            JSONMember("person", .string(erasure.person)), JSONMember("status", .string(erasure.status)),
            JSONMember("clock_started", erasure.clockStarted.map { .string($0) } ?? .null),
            JSONMember("hours_left", erasure.hoursLeft.map { .int($0) } ?? .null),
            JSONMember(
                "nodes",
                .array(
                    erasure.steps.map { step in
                        .object([
                            JSONMember("node", .string(step.node)), JSONMember("state", .string(step.state)),
                            JSONMember("confirmed_at", step.confirmedAt.map { .string($0) } ?? .null),
                        ])
                    })),
        ])
    }
}
