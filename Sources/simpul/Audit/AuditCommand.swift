import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who read whose data, in which role, for what and where. / Siapa membaca data siapa.",
        discussion: """
            simpul audit --subject 5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60
            tells a person who saw their data or their cases, as far as this node knows: on its own pages and at the
            hub and the centre. Readers stand under their pseudonyms; their office knows who they are.
            `simpul query readings` lists all.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "UUID of the person.")
    var subject: String

    @Option(help: "table, csv, json or ndjson.")
    var format: AnswerFormat = .table

    func run() throws {
        guard UUID(uuidString: subject) != nil else {
            throw NodeError(
                .badInput, "“\(subject)” is no UUID, so nothing can be said of who read it",
                advice: "copy the person's UUID from their page or `simpul keys list`")
        }
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let answer = try node.readings(of: subject.lowercased())
        guard format == .table else {
            return Output.result(answer.written(as: format, language: language.language))
        }
        for row in answer.rows.indices { Output.result(line(answer, row, node.catalogue)) }
        let count = answer.rows.count
        Output.note(
            count == 0
                ? language.say("Belum ada yang membaca.", "Nobody has read it.")
                : language.say("\(count) pembacaan.", "\(count) readings."))
    }

    private func line(_ answer: Answer, _ row: Int, _ catalogue: Catalogue) -> String {
        func text(_ column: String) -> String { answer[row, column]?.text ?? "" }
        func label(_ list: String, _ column: String) -> String {
            catalogue.codeLists[list]?[text(column)]?.label[language.language] ?? text(column)
        }
        let how = answer[row, "exported"]?.integer == 1 ? language.say(", sebagai berkas", ", as a file") : ""
        return "\(text("read_on"))  \(label("ROLE", "reader_role")) (\(text("reader")))  "
            + "\(label("READ_PURPOSE", "purpose"))  \(text("node")): \(text("resource"))\(how)"
    }
}
