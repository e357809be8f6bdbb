import ArgumentParser
import Event
import Foundation
import Node
import Store
import Sync

struct BundleExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a bundle for another node. / Menulis berkas untuk simpul lain.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "The node it is for. Default: the parent, which is the hub of a village.")
    var to: String?

    @Option(help: "A bundle of that node: bring only what it does not hold yet.")
    var answer: String?

    @Flag(help: "Bring everything, also what its receipts say that it holds.")
    var all = false

    @Option(help: "Megabytes of lines at most, before compression.")
    var megabytes: Int64 = 1_024

    @Argument(help: "The file to write; it must not be there yet.")
    var file: String

    func validate() throws {
        guard answer == nil || !all else { throw ValidationError("--answer and --all say different things") }
        guard (1...100_000).contains(megabytes) else { throw ValidationError("--megabytes is 1 to 100000") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let start: BundleExport.Start =
            if let answer { .answering(try BundleImport(node: node).whole(answer)) } else {
                all ? .everything : .receipted
            }
        let recipient = try recipient(node)
        let tally = try BundleExport(node: node).write(
            to: file, for: recipient, start: start, budget: megabytes << 20)
        Output.result(
            language.say(
                "\(file): \(tally.lines) baris dari \(tally.logs) log untuk \(recipient), \(tally.receipts) tanda terima, "
                    + "\(tally.bytes) bita",
                "\(file): \(tally.lines) lines of \(tally.logs) logs for \(recipient), \(tally.receipts) receipts, "
                    + "\(tally.bytes) bytes"))
        if tally.isPart {
            Output.note(
                language.say(
                    "Belum semua: batas ukuran tercapai. Setelah ini diimpor di sana, ekspor lagi dengan --answer.",
                    "Not everything: the size limit was reached. Once it is imported there, export again with --answer."
                ))
        }
        Output.note(
            language.say(
                "Ini belum terkirim: catatan baru dinyatakan ada di sana bila tanda terimanya kembali.",
                "Nothing is delivered yet: records count as held there when their receipt has come back."))
    }

    private func recipient(_ node: Node) throws -> NodeName {
        if let to { return try NodeName(to) }
        guard let parent = try node.parent() else {
            throw NodeError(.badInput, "this node has no parent", advice: "name the node it is for: --to NODE")
        }
        return parent.node
    }
}
