import ArgumentParser
import Catalogue
import Event
import Foundation
import Node

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Record the rows of a CSV or NDJSON file; doing it again adds nothing. / Memasukkan isi berkas.",
        discussion: """
                simpul import kunjungan.csv --type visit.recorded
                simpul import warga.csv --type person.registered --map "Nama lengkap=full_name" --map "No="
                simpul import izin.ndjson --type p3mi.licence_recorded --strict

            The first row of a CSV file names the columns: a field's name or its label, in any case, plus subject,
            occurredat and for. Codes may be written as codes or labels, dates as 2026-08-14 or 14-08-2026.
            Each line of an NDJSON file is a record's data, or {"subject":…,"occurredat":…,"data":{…}}.

            Rows that are not right are told with their number and a remedy; the others are recorded, unless
            --strict. A row is recognized by --source and its content, so importing a file again, also at another
            office, adds nothing; rows with names or numbers of people are recognized on this node only.
            Ends with 0 when every row is in, with 65 when some are not.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "The file; - reads NDJSON from the standard input.")
    var file: String

    @Option(help: "Type of the records, e.g. visit.recorded.")
    var type: String

    @Option(help: ArgumentHelp("Put a column into a field; without a field, leave it out.", valueName: "column=field"))
    var map: [String] = []

    @Option(help: "Where the rows come from: the same rows of another source are other facts.")
    var source = "import"

    @Option(help: "What separates columns: comma, semicolon or tab. Found out by itself otherwise.")
    var delimiter: Delimiter?

    @Option(help: "csv or ndjson. Told by the file's name otherwise.")
    var format: FileFormat?

    @Flag(help: "All rows or none.")
    var strict = false

    @Flag(help: "Check only; nothing is saved.")
    var dryRun = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    enum Delimiter: String, ExpressibleByArgument, CaseIterable {
        case comma, semicolon, tab

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }

    enum FileFormat: String, ExpressibleByArgument, CaseIterable { case csv, ndjson }

    func run() throws {
        let options = Importer.Options(
            source: source, isStrict: strict, isDryRun: dryRun, columns: try columns(), delimiter: delimiter?.byte)
        let node = try folder.open()
        defer { closeQuietly(node) }
        let importer = try Importer(node: node, type: type, author: author.author(node), options: options)
        let isTerminal = Terminal.isThere && !json
        let report = try importer.run(InputFile.bytes(file), format: fileFormat()) { count in
            if isTerminal { Output.prompt("\r\(count) …") }
        }
        if isTerminal { Output.prompt("\r") }
        let words = ImportWords(language: language, file: file)
        if json { Output.result(words.document(report)) } else { words.tell(report) }
        if !report.bad.isEmpty { throw ExitCode(EX_DATAERR) }
    }

    private func columns() throws -> [String: String] {
        var columns: [String: String] = [:]
        for text in map {
            guard let equals = text.lastIndex(of: "=") else {
                throw ValidationError("--map \(text) has no “=”. Write --map COLUMN=FIELD.")
            }
            columns[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return columns
    }

    private func fileFormat() throws -> Importer.Format {
        if let format { return format == .csv ? .csv : .ndjson }
        if file == "-" { return .ndjson }
        switch URL(fileURLWithPath: file).pathExtension.lowercased() {
        case "csv", "tsv", "txt": return .csv
        case "ndjson", "jsonl", "json": return .ndjson
        default: throw ValidationError("What kind of file is \(file)? Write --format csv or --format ndjson.")
        }
    }
}

/// Tells how an import went.
struct ImportWords {
    let language: LanguageOption
    let file: String

    func tell(_ report: Importer.Report) {
        let problems = ProblemReport(language: language)
        for bad in report.bad {
            let place = bad.row == bad.line ? "" : language.say(", baris berkas \(bad.line)", ", line \(bad.line)")
            Output.note("\(language.say("baris", "row")) \(bad.row)\(place):")
            for line in problems.lines(bad.problems) { Output.note("  - \(line)") }
        }
        Output.result(
            language.say(
                "\(file): \(report.imported) masuk, \(report.known) sudah ada, \(report.bad.count) tidak masuk.",
                "\(file): \(report.imported) in, \(report.known) were here, \(report.bad.count) not in."))
        guard !report.isSaved else { return }
        Output.result(language.say("Belum ada yang disimpan.", "Nothing was saved."))
    }

    func document(_ report: Importer.Report) -> JSON {
        .object([
            JSONMember("file", .string(file)), JSONMember("saved", .bool(report.isSaved)),
            JSONMember("imported", .int(Int64(report.imported))), JSONMember("known", .int(Int64(report.known))),
            JSONMember(
                "bad",
                .array(
                    report.bad.map { bad in
                        .object([
                            JSONMember("row", .int(Int64(bad.row))), JSONMember("line", .int(Int64(bad.line))),
                            JSONMember(
                                "problems",
                                .array(
                                    bad.problems.map { problem in
                                        .object([
                                            JSONMember("path", .string(problem.path)),
                                            JSONMember("what", .string(problem.what[language.language])),
                                            JSONMember("fix", .string(problem.fix[language.language])),
                                        ])
                                    })),
                        ])
                    })),
        ])
    }
}
