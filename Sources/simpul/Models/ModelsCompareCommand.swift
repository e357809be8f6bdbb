import ArgumentParser
import Event
import Foundation
import Node
import ReadModels

struct ModelsCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Say how the rows of a version beside differ from those of the one in use: counts, columns, examples."
    )

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var wanted: ModelVersionOptions

    @Option(help: "Examples at most.")
    var examples = 10

    @Flag(help: "Print it as JSON.")
    var json = false

    func validate() throws {
        guard (0...1_000).contains(examples) else { throw ValidationError("--examples is 0 to 1000") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let found = try node.modelReader.compare(wanted.name, version: wanted.version, examples: examples)
        if json { Output.result(Self.document(found)) } else { tell(found) }
    }

    private func tell(_ found: ModelComparison) {
        Output.result("\(found.name) v\(found.oldVersion) → v\(found.newVersion) · cut \(found.cut)")
        let say = language.say
        Output.result("\(say("baris", "rows")): \(found.oldRows) → \(found.newRows)")
        Output.result(
            "\(say("hanya di", "only in")) v\(found.oldVersion): \(found.onlyOld) · "
                + "\(say("hanya di", "only in")) v\(found.newVersion): \(found.onlyNew) · "
                + "\(say("berbeda", "differing")): \(found.differing)")
        for column in found.columns where column.differing > 0 {
            Output.result("    \(column.name): \(column.differing)")
        }
        for name in found.columnsGone { Output.result("    \(name): \(say("tidak ada lagi", "is gone"))") }
        for name in found.columnsNew { Output.result("    \(name): \(say("kolom baru", "is new"))") }
        for example in found.examples {
            Output.result("\(example.key.map(\.description).joined(separator: " "))")
            for (index, column) in found.compared.enumerated() {
                let (old, new) = (example.old?[index], example.new?[index])
                guard old != new else { continue }
                Output.result("    \(column): \(old?.description ?? "–") → \(new?.description ?? "–")")
            }
        }
        if found.isSame { Output.result(say("Tidak ada baris yang berbeda.", "No row differs.")) }
    }

    private static func document(_ found: ModelComparison) -> JSON {
        func row(_ values: [ModelValue]?) -> JSON {
            values.map { .array($0.map { $0.integer.map { .int($0) } ?? $0.text.map { .string($0) } ?? .null }) }
                ?? .null
        }
        return .object([
            JSONMember("model", .string(found.name)), JSONMember("old_version", .int(Int64(found.oldVersion))),
            JSONMember("new_version", .int(Int64(found.newVersion))), JSONMember("cut", .int(found.cut)),
            JSONMember("old_rows", .int(found.oldRows)), JSONMember("new_rows", .int(found.newRows)),
            JSONMember("only_old", .int(found.onlyOld)), JSONMember("only_new", .int(found.onlyNew)),
            JSONMember("differing", .int(found.differing)),
            JSONMember(
                "columns",
                .object(found.columns.filter { $0.differing > 0 }.map { JSONMember($0.name, .int($0.differing)) })),
            JSONMember("columns_gone", .array(found.columnsGone.map { .string($0) })),
            JSONMember("columns_new", .array(found.columnsNew.map { .string($0) })),
            JSONMember("key", .array(found.key.map { .string($0) })),
            JSONMember("compared", .array(found.compared.map { .string($0) })),
            JSONMember(
                "examples",
                .array(
                    found.examples.map {
                        .object([
                            JSONMember("key", row($0.key)), JSONMember("old", row($0.old)),
                            JSONMember("new", row($0.new)),
                        ])
                    })),
        ])
    }
}
