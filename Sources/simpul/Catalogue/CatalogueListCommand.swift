import ArgumentParser
import Catalogue
import Event
import Node
import Store

struct CatalogueListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Every event type.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "Only what people record at this kind of node.")
    var here = false

    @Flag(help: "One JSON object a type.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let kind = EventType.NodeKind(rawValue: node.own.role.rawValue)
        let types = node.catalogue.types.values.sorted { $0.name < $1.name }
            .filter { type in !here || kind.map(type.nodes.contains) ?? true }
        for type in types {
            if json {
                Output.result(Self.document(type))
            } else {
                Output.result("\(type.name.padded(34))  \(type.label[language.language])")
            }
        }
    }

    private static func document(_ type: EventType) -> JSON {
        .object([
            JSONMember("type", .string(type.name)), JSONMember("version", .int(Int64(type.version))),
            JSONMember(
                "label", .object([JSONMember("id", .string(type.label.id)), JSONMember("en", .string(type.label.en))])),
            JSONMember("subject", .string(type.subject.kind)),
            JSONMember("nodes", .array(type.nodes.map(\.rawValue).sorted().map { .string($0) })),
            JSONMember("sensitivity", .string(type.sensitivity.rawValue)),
        ])
    }
}
