import ArgumentParser
import Catalogue
import Event
import Node

struct CatalogueShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One event type with its fields, or one code list.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "An event type, e.g. visit.recorded, or a code list, e.g. VISIT_PURPOSE.")
    var name: String

    @Flag(help: "Only an example of a record's data, as JSON.")
    var example = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        if let type = node.catalogue.types[name] {
            if example { Output.result(type.example) } else { TypeSheet(type: type, language: language).print() }
        } else if let list = node.catalogue.codeLists[name] {
            show(list)
        } else {
            throw NodeError(
                .badInput, "there is no event type and no code list “\(name)”",
                advice: "`simpul catalogue list` lists the types")
        }
    }

    private func show(_ list: CodeList) {
        Output.result("\(list.name)/\(list.version)  \(list.label[language.language])  (\(list.source))")
        for entry in list.entries {
            let retired = entry.isRetired ? language.say(" (tidak dipakai lagi)", " (retired)") : ""
            Output.result("  \(entry.code.padded(24))  \(entry.label[language.language])\(retired)")
        }
    }
}

/// An event type as a page of text.
struct TypeSheet {
    let type: EventType
    let language: LanguageOption

    private var words: Language { language.language }

    func print() {
        Output.result("\(type.name)/\(type.version)  \(type.label[words])")
        if let about = type.about { Output.result("  \(about[words])") }
        field("Tentang", "About", subject)
        field("Dicatat di", "Recorded at", type.nodes.map(\.rawValue).sorted().joined(separator: ", "))
        field("Peran", "Roles", type.roles.isEmpty ? language.say("semua", "all") : type.roles.joined(separator: ", "))
        field("Untuk", "Written for", audience)
        Output.result("")
        for field in type.fields { show(field, depth: 1) }
        Output.result(
            language.say(
                "\n  * wajib · [dienkripsi] hanya terbaca desa dan hub",
                "\n  * required · [encrypted] read by village and hub only"))
    }

    private func field(_ id: String, _ en: String, _ value: String) {
        Output.result("  \(language.say(id, en).padded(14)) \(value)")
    }

    private var subject: String {
        let new = type.subject.isNew ? language.say(" (baru bila tidak disebut)", " (new when none is given)") : ""
        return type.subject.kind + (type.subject.field.map { " = \($0)" } ?? "") + new
    }

    private var audience: String {
        type.audience.level.rawValue + (type.audience.field.map { " = \($0)" } ?? "") + ", " + type.lane.usual
    }

    private func show(_ field: Field, depth: Int) {
        let indent = String(repeating: "  ", count: depth)
        let mark = field.required ? "*" : " "
        let closed = field.sensitivity >= .personal ? language.say(" [dienkripsi]", " [encrypted]") : ""
        let filled = field.filledBy == nil ? "" : language.say(" [diisi program]", " [filled in by the program]")
        Output.result(
            "\(indent)\(mark) \(field.name.padded(24)) \(Self.kind(field.kind).padded(22)) \(field.label[words])\(closed)\(filled)"
        )
        switch field.kind {
        case .object(let fields), .objects(let fields, _): for member in fields { show(member, depth: depth + 2) }
        default: break
        }
    }

    private static func kind(_ kind: FieldKind) -> String {
        switch kind {
        case .text(let most, _): "text ≤\(most)"
        case .integer(let low, let high): "integer" + range(low.map(String.init), high.map(String.init))
        case .decimal(_, let low, let high): "decimal" + range(low, high)
        case .boolean: "yes/no"
        case .date(let mayBeCut): mayBeCut ? "date, month or year" : "date"
        case .month: "month"
        case .dateTime: "date and time"
        case .code(let list): "code \(list)"
        case .codes(let list): "codes \(list)"
        case .identifier(let entity): "id" + (entity.map { " of \($0)" } ?? "")
        case .identifiers(let entity): "ids" + (entity.map { " of \($0)" } ?? "")
        case .region(let level): "region" + (level.map { " (\($0))" } ?? "")
        case .reference: "record"
        case .money: "rupiah"
        case .object: "object"
        case .objects(_, let most): "list ≤\(most)"
        case .anyObject: "JSON object"
        case .anyValue: "JSON"
        }
    }

    private static func range(_ low: String?, _ high: String?) -> String {
        low == nil && high == nil ? "" : " \(low ?? "")…\(high ?? "")"
    }
}
