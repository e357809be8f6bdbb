import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import Store

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Write one record, offline. / Menulis satu catatan, tanpa jaringan.",
        discussion: """
            From options, with labels or codes, and dates as people write them:
                simpul record recruiter.sighted --field seen_on=14-08-2026 --field village=36.04.13.2007 …
            From a JSON object with the record's data:
                simpul record visit.recorded --json visit.json
            By questions, on a terminal, when neither is given:
                simpul record visit.recorded
            `simpul catalogue show TYPE` tells a type's fields and codes.

            When the reference is printed, the record survives a power cut. What is not right is told with its
            place and a remedy, nothing is saved then, and the command ends with 65.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "Type of the record, e.g. visit.recorded.")
    var type: String

    @Option(name: .long, help: ArgumentHelp("A field of the record; may be repeated.", valueName: "name=value"))
    var field: [String] = []

    @Option(help: ArgumentHelp("JSON object with the record's data; - reads the standard input.", valueName: "file"))
    var json: String?

    @Flag(name: .customLong("ask"), help: "Ask for what is missing, also without a terminal.")
    var asks = false

    @Flag(name: .customLong("all"), help: "Ask also for what most records do without.")
    var asksAll = false

    @Option(help: "UUID of whom or what it is about, where the data does not say.")
    var subject: String?

    @Option(help: "When it happened, where the data does not say: 2026-08-14T16:10:00+07:00, 2026-08-14, 2026-08.")
    var occurred: String?

    @Option(
        name: .customLong("for"), help: ArgumentHelp("Region it is written for, e.g. a village.", valueName: "region"))
    var audience: String?

    @Flag(help: "Check only; nothing is saved.")
    var dryRun = false

    @Option(help: "text or json.")
    var format = Format.text

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let builder = try DraftBuilder(node: node, type: type, author: author.author(node))
        let entry = Entry(
            data: try data(node, builder.type), subject: subject, occurredAt: occurred, audience: audience)
        let (draft, problems) = builder.draft(of: entry)
        let report = ProblemReport(language: language)
        guard let draft else { throw report.refuse(type, problems) }
        report.warn(problems)
        let words = RecordWords(language: language, node: node, type: builder.type)
        words.assess(draft)
        if dryRun {
            let missing = try node.recorder.consentProblems([draft]).flatMap(\.self)
            guard missing.isEmpty else { throw report.refuse(type, missing) }
            Output.note(language.say("Benar. Tidak disimpan (--dry-run).", "Right. Not saved (--dry-run)."))
            return
        }
        let line: AppendedLine
        do { line = try node.recorder.record(draft) } catch let invalid as InvalidDraft {
            throw report.refuse(type, invalid.problems)
        }
        try words.tell(line, format: format)
    }

    private func data(_ node: Node, _ type: EventType) throws -> JSON {
        let offset = node.timeZone.secondsFromGMT(for: node.now()) / 60
        let reader = EntryReader(type: type, reader: FormReader(offsetMinutes: offset), language: language)
        guard json == nil || field.isEmpty else {
            throw ValidationError("Give --json or --field, not both.")
        }
        if let json { return try reader.data(json: InputFile.bytes(json), from: json) }
        let given = try reader.data(fields: field)
        guard asks || field.isEmpty && isatty(STDIN_FILENO) == 1 else { return given }
        return try Questionnaire(
            type: type, catalogue: node.catalogue, reader: reader.reader, language: language,
            includesSecondary: asksAll,
            today: node.localDay(node.now())
        ).ask(starting: given)
    }
}

/// A node that was only read or has written durably loses nothing when its files do not close well.
func closeQuietly(_ node: Node) {
    do { try node.close() } catch { Output.note("simpul: \(error)") }
}
