import ArgumentParser
import Event
import Node
import ReadModels

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "The lines behind a row of a model. / Catatan di balik sebuah angka.",
        discussion: """
            The key is the values of the model's key columns, in order (simpul query --list names them):
                simpul explain departures_by_month 36.04.13.2007 36.04 2026-07
            Each line is shown with when it happened and the cuts between which it was known so.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var options: QueryOptions

    @Argument(help: "The model.")
    var model: String

    @Argument(help: "Values of the key.")
    var key: [String]

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let reader = try node.modelReader
        let lines = try reader.explain(
            model, key: try values(reader), asOf: try options.asOf(), scope: try options.scope(node),
            reader: try options.reader(node), intake: node.intakeReader)
        if lines.isEmpty, !json {
            Output.note(
                language.say(
                    "Tidak ada catatan di balik kunci ini. `simpul query --list` menyebut kolom kuncinya.",
                    "No record is behind this key. `simpul query --list` names the key's columns."))
        }
        for line in lines {
            if json {
                Output.result(self.json(line))
            } else {
                Output.result("\(line.occurredAt.padded(25))  \(line.type.padded(28))  \(known(line))  \(line.line)")
            }
        }
    }

    private func known(_ line: ExplainedLine) -> String {
        let until = line.knownTo.map { language.say(" sampai \($0)", " to \($0)") } ?? ""
        return language.say("dikenal sejak cut \(line.knownFrom)\(until)", "known from cut \(line.knownFrom)\(until)")
    }

    private func values(_ reader: ModelReader) throws -> [ModelValue] {
        guard let info = try reader.models().first(where: { $0.name == model }) else {
            throw ReadModelError.unknownModel(model, known: try reader.models().map(\.name))
        }
        guard key.count == info.key.count else {
            throw NodeError(
                .badInput, "a row of \(model) is named by \(info.key.count) values, \(key.count) were given",
                advice: "give \(info.key.joined(separator: ", "))")
        }
        return zip(info.key, key).map { name, text in
            let isInteger = info.columns.first { $0.name == name }?.type.isInteger ?? false
            return isInteger ? Int64(text).map { .integer($0) } ?? .text(text) : .text(text)
        }
    }

    private func json(_ line: ExplainedLine) -> JSON {
        .object([
            JSONMember("line", .string(line.line.description)), JSONMember("type", .string(line.type)),
            JSONMember("subject", .string(line.subject)), JSONMember("occurredat", .string(line.occurredAt)),
            JSONMember("known_from", .int(line.knownFrom)),
            JSONMember("known_to", line.knownTo.map { .int($0) } ?? .null),
        ])
    }
}
