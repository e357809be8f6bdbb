import ArgumentParser
import Event
import Foundation
import Node
import Store
import Sync

struct BundleShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Check a bundle and say what is in it, without taking it. / Memeriksa berkas tanpa mengambilnya.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "The bundle.")
    var file: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let summary = try BundleImport(node: node).check(file)
        let header = summary.header
        Output.result(
            language.say(
                "Dari \(header.node) untuk \(header.recipient) (\(header.region)), dibuat \(header.made)",
                "From \(header.node) for \(header.recipient) (\(header.region)), made \(header.made)"))
        Output.result(
            language.say(
                "\(summary.lines) baris, \(summary.receipts) tanda terima, \(summary.shares) kunci terbungkus",
                "\(summary.lines) lines, \(summary.receipts) receipts, \(summary.shares) wrapped keys"))
        for row in summary.needs {
            let held = try node.store.row(row.log, atSize: row.size)?.root == row.root
            let word = held ? language.say("ada", "held") : language.say("BELUM ADA di sini", "NOT here yet")
            Output.result(language.say("    perlu", "    needs") + " \(row.log) \(row.size): \(word)")
        }
        for row in summary.brings {
            Output.result(language.say("    membawa", "    brings") + " \(row.log) \(row.size)")
        }
        guard summary.isWhole else { throw NodeError(.cut(frames: summary.frames), at: file) }
        Output.result(language.say("Utuh, ditandatangani oleh ", "Whole, signed by ") + "\(header.node)")
    }
}
