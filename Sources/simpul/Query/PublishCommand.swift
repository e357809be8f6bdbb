import ArgumentParser
import Catalogue
import Event
import Node
import ReadModels
import Store

struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract:
            "Publish a figure: its model, filter, value and cut become a line that can be cited. / Menerbitkan angka.",
        discussion: """
            simpul publish departures_by_month --where month=2026-07 --where regency=36.04 --column departures
            Later, simpul figures shows what has changed since, and which lines changed it.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var options: QueryOptions
    @OptionGroup var author: AuthorOption

    @Argument(help: "The model.")
    var model: String

    @Option(help: "The column; whole numbers are summed over the rows of the filter.")
    var column: String

    @Option(help: "Title. Default: the model, column and filter.")
    var title: String?

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        guard node.own.role == .centre else {
            throw NodeError(.badInput, "figures are published at the centre", advice: "ask its analyst")
        }
        try node.project()
        let answer = try node.modelReader.query(try options.query(model, node: node))
        let value = try figure(answer)
        try checkReleased(value, node)
        let filters = try options.filters()
        let key = filters.map { filter in
            let values = filter.values.map { $0.integer.map { .int($0) } ?? JSON.string($0.text ?? "") }
            return JSONMember(filter.column, values.count == 1 ? values[0] : .array(values))
        }
        var data: [JSONMember] = [
            JSONMember("title", .string(title ?? "\(model).\(column) \(options.where.joined(separator: " "))")),
            JSONMember("model", .string(model)),
            JSONMember("models", .string(try node.modelReader.versions(of: model))),
            JSONMember("key", .object(key)),
            JSONMember("measure", .string(column)), JSONMember("value", value), JSONMember("cut", .int(answer.cut)),
            JSONMember("published_on", .string(node.localDay(node.now()))),
            JSONMember("state", .string(answer.completeness?.state == .final ? "final" : "provisional")),
        ]
        if let completeness = answer.completeness {
            data.append(JSONMember("reporting", .int(Int64(completeness.reporting))))
            data.append(JSONMember("enrolled", .int(Int64(completeness.enrolled))))
        }
        let by = author.author(node)
        let line = try node.recorder.record(
            Draft(type: "figure.published", data: .object(data), actor: by.actor, role: by.role))
        let complete = answer.completeness.map {
            language.say(
                ", \($0.reporting) dari \($0.enrolled) simpul melapor",
                ", \($0.reporting) of \($0.enrolled) nodes reporting")
        }
        Output.result(
            "\(model).\(column) = \(text(value)) \(language.say("pada", "at")) cut \(answer.cut)\(complete ?? "")")
        Output.result(line.reference.description)
    }

    /// What is published reaches every village: it must not tell of fewer than five persons, by itself or beside what
    /// was published before.
    private func checkReleased(_ value: JSON, _ node: Node) throws {
        let reader = try node.modelReader
        guard try !reader.isOpen(model, policy: node.catalogue.access) else { return }
        let released = try reader.releasedValue(of: try options.query(model, node: node), column: column)
        guard let released, released >= ReleasePlan.threshold else {
            throw NodeError(
                .refused, "\(model).\(column) is not among the released statistics for this filter",
                advice: "publish what `simpul query statistics` shows; `simpul release` releases what may be")
        }
        guard value == .int(released) else {
            throw NodeError(
                .refused, "of \(model).\(column), \(released) are released; the others are too few to be told",
                advice: "release again when more have come, or publish `simpul query statistics`")
        }
    }

    /// The sum over the rows of a column of whole numbers, else the one row's value.
    private func figure(_ answer: Answer) throws -> JSON {
        guard let place = answer.columns.firstIndex(where: { $0.name == column }) else {
            throw NodeError(
                .badInput, "\(model) has no column \(column)",
                advice: "it has \(answer.columns.map(\.name).joined(separator: ", "))")
        }
        let values = answer.rows.map { $0[place] }
        if answer.columns[place].type.isInteger { return .int(values.reduce(0) { $0 + ($1.integer ?? 0) }) }
        guard values.count == 1, let text = values[0].text else {
            throw NodeError(
                .badInput, "\(column) is text and the filter has \(values.count) rows", advice: "filter to one row")
        }
        return .string(text)
    }

    private func text(_ value: JSON) -> String { value.stringValue ?? value.intValue.map(String.init) ?? "" }
}
