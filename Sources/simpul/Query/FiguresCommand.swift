import ArgumentParser
import Event
import Node
import ReadModels
import Store

struct FiguresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract:
            "Published figures that have changed since: old, new, and which lines changed them. / Angka yang berubah.",
        discussion: """
            A published figure names its cut and can be repeated for ever:
                simpul query MODEL --where … --as-of-cut CUT
                simpul query MODEL --where … --as-of-cut CUT --versions "…"     by the versions its line names
            What came later, or corrected what was known then, is listed here with its records.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "One JSON object a figure.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let restated = try node.modelReader.restatements(
            scope: node.own.region, reader: .holder, today: try QueryOptions.today(node), intake: node.intakeReader)
        if restated.isEmpty, !json {
            Output.result(language.say("Tidak ada angka terbitan yang berubah.", "No published figure has changed."))
        }
        for figure in restated {
            if json { Output.result(Self.document(figure)) } else { tell(figure) }
        }
    }

    private func tell(_ figure: Restatement) {
        Output.result(figure.figure)
        Output.result(
            "    \(figure.model).\(figure.column): \(figure.old) "
                + language.say(
                    "pada cut \(figure.cut), sekarang \(figure.new)", "at cut \(figure.cut), now \(figure.new)"))
        for other in figure.versions {
            Output.result(
                language.say(
                    "    model \(other.model) versi \(other.old), sekarang versi \(other.new)",
                    "    by version \(other.old) of the model \(other.model), now version \(other.new)"))
        }
        for change in figure.changes {
            let by = change.by.map { language.say(" oleh ", " by ") + "\($0.log)#\($0.sequence)" } ?? ""
            Output.result(
                "    \(cause(change.cause))\(by): \(change.type) \(change.occurredAt), \(change.line.log)#\(change.line.sequence)"
            )
        }
    }

    private func cause(_ cause: Restatement.Cause) -> String {
        switch cause {
        case .late: language.say("datang kemudian", "came later")
        case .corrected: language.say("dikoreksi", "corrected")
        case .retracted: language.say("ditarik", "retracted")
        case .duplicate: language.say("ganda", "doubled")
        }
    }

    private static func document(_ figure: Restatement) -> JSON {
        .object([
            JSONMember("published", .string(figure.published.description)),
            JSONMember("figure", .string(figure.figure)),
            JSONMember("model", .string(figure.model)), JSONMember("column", .string(figure.column)),
            JSONMember("cut", .int(figure.cut)), JSONMember("old", value(figure.old)),
            JSONMember("new", value(figure.new)),
            JSONMember("changes", .array(figure.changes.map(document))),
            JSONMember(
                "versions",
                .array(
                    figure.versions.map {
                        .object([
                            JSONMember("model", .string($0.model)), JSONMember("old", .int(Int64($0.old))),
                            JSONMember("new", .int(Int64($0.new))),
                        ])
                    })),
        ])
    }

    private static func document(_ change: Restatement.Change) -> JSON {
        .object([
            JSONMember("cause", .string(change.cause.rawValue)), JSONMember("line", .string(change.line.description)),
            JSONMember("type", .string(change.type)), JSONMember("occurredat", .string(change.occurredAt)),
            JSONMember("by", change.by.map { .string($0.description) } ?? .null),
        ])
    }

    private static func value(_ value: ModelValue) -> JSON {
        value.integer.map { .int($0) } ?? value.text.map { .string($0) } ?? .null
    }
}
