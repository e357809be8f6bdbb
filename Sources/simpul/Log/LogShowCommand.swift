import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import Store
import Sync

struct LogShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show records and how far each has come.",
        discussion: """
            Without LOG, the records that this node wrote. LOG may be a part of a log's name.
            Names and other identifying fields are shown only with --personal, where this node holds the keys.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "A log, or a part of its name.")
    var log: String?

    @Option(help: "First sequence to show.")
    var from: Int64?

    @Option(help: "Records of each log to show at most; without --from, the newest.")
    var limit: Int64 = 20

    @Option(help: "Only this type.")
    var type: String?

    @Flag(help: "Show fields, identifying ones included.")
    var personal = false

    @Flag(help: "The exact bytes of the lines, one a line.")
    var json = false

    func validate() throws {
        guard !(json && personal) else {
            throw ValidationError("--json shows bytes as stored; --personal cannot be added.")
        }
        guard limit > 0 else { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let printer = RecordPrinter(node: node, language: language, paths: try node.paths(), showsPersonal: personal)
        for row in try LogChoice(node: node).logs(matching: log) {
            // A branch is shown from the line on which it leaves what stands above it.
            let first = max(row.branch?.fork ?? 0, from ?? row.size - limit)
            guard first < row.size else { continue }
            if !json {
                Output.result("\(row.log) (\(row.size))\(row.branch.map { BranchWords.name($0, language) } ?? "")")
            }
            let lines = try node.store.lines(
                row.log, branch: row.branch, from: first, through: min(row.size, first + limit) - 1)
            for (offset, bytes) in lines.enumerated() {
                try show(bytes, row.name, first + Int64(offset), printer)
            }
        }
    }

    private func show(_ bytes: [UInt8], _ head: HeadName, _ sequence: Int64, _ printer: RecordPrinter) throws {
        let event = try? EventLine(parsing: bytes)
        if let type, event?.type != type { return }
        if json {
            Output.result(bytes + [UInt8(ascii: "\n")])
        } else if let event {
            try printer.print(event, head, sequence)
        } else {
            Output.result("\(String(sequence).leftPadded(6))  \(language.say("tidak dapat dibaca", "cannot be read"))")
        }
    }
}

/// Shows records to a person.
struct RecordPrinter {
    let node: Node
    let language: LanguageOption
    let paths: LinePaths
    let showsPersonal: Bool

    func print(_ event: EventLine, _ head: HeadName, _ sequence: Int64) throws {
        let path = paths.path(head.log, branch: head.branch, sequence)
        var standing = head.log.audience == .local ? "-" : PathWords.stage(path.stage)[language.language]
        if let held = path.heldUp {
            let detail = held.detail.isEmpty ? "" : " – \(held.detail)"
            standing += ": \(PathWords.reason(held.code)[language.language])\(detail)"
        }
        let type = event.type.padded(28)
        let time = String(event.time.description.prefix(16)).replacingOccurrences(of: "T", with: " ")
        Output.result("\(String(sequence).leftPadded(6))  \(time)  \(type)  \(event.subject.padded(36))  \(standing)")
        guard showsPersonal else { return }
        for member in try fields(of: event) { Output.result("        \(member.key): \(text(member.value))") }
    }

    private func fields(of event: EventLine) throws -> [JSONMember] {
        if let patch = event.data["patch"], let opened = try self.opened(patch, of: event) {
            return event.data.setting("patch", to: opened).objectValue ?? []
        }
        guard let box = event.data["personal"] else { return event.data.objectValue ?? [] }
        let opened: JSON
        switch try PersonalBox.read(box, type: event.type, subject: event.subject, keyring: node.keyring) {
        case .unreadable(let reason):
            return event.data.setting("personal", to: .string(reason.mark[language.language])).objectValue ?? []
        case .opened(let members): opened = members
        }
        let type = node.catalogue.versions[event.type]?[event.version]
        let holder = type?.keyHolder(in: event.data, subject: event.subject) ?? event.subject
        if try node.consent.state(of: holder).forbids(ConsentState.protection, on: node.localDay(node.now())) {
            let mark = Unreadable.withheld.mark[language.language]
            return event.data.setting("personal", to: .string(mark)).objectValue ?? []
        }
        let whole = type?.join(event.data, personal: opened)
        return whole?.objectValue ?? event.data.setting("personal", to: opened).objectValue ?? []
    }

    /// A correction's patch with its identifying members, which are sealed as those of the record that it corrects.
    private func opened(_ patch: JSON, of event: EventLine) throws -> JSON? {
        guard let box = patch["personal"], let target = event.data["target"]?.stringValue,
            let reference = try? LineReference(target),
            let bytes = try node.store.line(reference),
            let corrected = try? EventLine(parsing: bytes),
            let opened = try PersonalBox.open(
                box, type: corrected.type, subject: corrected.subject, keyring: node.keyring)
        else { return nil }
        return patch.setting("personal", to: nil).merging(patch: opened)
    }

    private func text(_ value: JSON) -> String {
        value.stringValue ?? String(decoding: value.encoded(), as: UTF8.self)
    }
}
