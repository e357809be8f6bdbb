import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store

extension AnswerFormat: ExpressibleByArgument {}

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask a read model; every answer names its cut and how complete it is. / Bertanya pada model baca.",
        discussion: """
            simpul query --list
            simpul query departures_by_month --where month=2026-07 --sort -departures
            simpul query departures_by_month --where month=2026-07 --as-of-cut 120 --format csv
            simpul query kkbm_quarter --where quarter=2026Q3 --columns village,success,missing

            The same question with the --as-of-cut of an answer gives the same answer again, years later.
            CSV is safe to open in a spreadsheet: cells that would be formulas are not.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var options: QueryOptions

    @Argument(help: "The model.")
    var model: String?

    @Flag(help: "List the models with their keys and columns.")
    var list = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Column to sort by; -column for the largest first. May be given again.")
    var sort: [String] = []

    @Option(help: "Columns to show, separated by commas. Default: all.")
    var columns: String?

    @Option(help: "Rows at most.")
    var limit = 1_000

    @Option(help: "Cursor of the next page, as the answer before gave it.")
    var page: String?

    @Option(help: "table, csv, json or ndjson.")
    var format: AnswerFormat = .table

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let reader = try node.modelReader
        guard let model, !list else { return try listModels(reader, node) }
        var query = try options.query(model, node: node, sort: sort, limit: limit)
        query.cursor = page
        let full = try reader.query(query)
        try options.noteReading(of: full, node: node, isExport: format != .table)
        let answer = try chosen(full)
        Output.result(answer.written(as: format, language: language.language))
    }

    /// The answer with the columns asked for only.
    private func chosen(_ answer: Answer) throws -> Answer {
        guard let columns else { return answer }
        let names = columns.split(separator: ",").map(String.init)
        let places = try names.map { name in
            guard let place = answer.columns.firstIndex(where: { $0.name == name }) else {
                throw NodeError(
                    .badInput, "\(answer.model) has no column \(name)",
                    advice: "it has \(answer.columns.map(\.name).joined(separator: ", "))")
            }
            return place
        }
        var chosen = answer
        chosen.columns = places.map { answer.columns[$0] }
        chosen.rows = answer.rows.map { row in places.map { row[$0] } }
        return chosen
    }

    private func listModels(_ reader: ModelReader, _ node: Node) throws {
        for model in try reader.models(for: options.reader(node)) {
            Output.result("\(model.name)  \(model.title[language.language])")
            Output.result("    \(language.say("kunci", "key")): \(model.key.joined(separator: ", "))")
            Output.result(
                "    \(language.say("kolom", "columns")): \(model.columns.map(\.name).joined(separator: ", "))")
            if let failure = model.failure { Output.result("    \(failure)") }
        }
    }
}
