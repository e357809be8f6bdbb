import ArgumentParser
import Event
import Foundation
import Node
import Sync

struct BundleImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take what a bundle brings. / Mengambil isi berkas.",
        discussion: """
            The whole file is checked before anything is taken. Ends with 0 when all of it is here now, 75 when lines wait
            for earlier ones that another bundle has to bring, 65 when some can never be taken here.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "Take the whole parts of a bundle that is cut off.")
    var partial = false

    @Argument(help: "The bundle.")
    var file: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let report = try BundleImport(node: node).apply(file, partial: partial)
        try node.project()
        let header = report.summary.header
        Output.result(
            language.say(
                "Dari \(header.node), dibuat \(header.made): \(report.added) dari \(report.summary.lines) baris baru di sini, "
                    + "\(report.receipts) tanda terima, \(report.keys) kunci",
                "From \(header.node), made \(header.made): \(report.added) of \(report.summary.lines) lines are new here, "
                    + "\(report.receipts) receipts, \(report.keys) keys"))
        for (log, count) in report.logs.sorted(by: { $0.key < $1.key }) { Output.result("    \(log)  +\(count)") }
        if !report.summary.isWhole {
            Output.note(
                language.say(
                    "Berkas ini terpotong: yang utuh sudah diambil, sisanya perlu salinan lain.",
                    "This bundle is cut off: what is whole was taken, the rest needs another copy."))
        }
        try tell(report.refused, waiting: report.lacksEarlier)
    }

    private func tell(_ refused: [LogName: FrameError], waiting: Bool) throws {
        guard !refused.isEmpty else { return }
        for (log, error) in refused.sorted(by: { $0.key < $1.key }) {
            Output.note("simpul: \(log): \(error)")
        }
        Output.note(
            waiting
                ? language.say(
                    "Ada baris yang menunggu baris sebelumnya. Minta berkas yang lebih lengkap (--all), lalu impor lagi.",
                    "Some lines wait for earlier ones. Ask for a fuller bundle (--all), then import again.")
                : language.say(
                    "Baris itu tidak bisa diambil di sini; tidak ada yang hilang di asalnya.",
                    "Those lines cannot be taken here; nothing is lost where they come from."))
        throw ExitCode(waiting ? EX_TEMPFAIL : EX_DATAERR)
    }
}
