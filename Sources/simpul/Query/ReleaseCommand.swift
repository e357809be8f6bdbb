import ArgumentParser
import Node
import Store

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract:
            "Release statistics: groups of at least five persons begin to count for everyone. / Melepas statistik.",
        discussion: """
            Analysts and partners see released statistics only (simpul query statistics). Cells below five are counted
            with those of their regency, province or the nation, or wait. Release seldom, for instance once a month:
            the more come together, the finer they can be told.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let by = author.author(node)
        let release = try node.releaseStatistics(actor: by.actor, role: by.role)
        Output.result(
            language.say(
                "\(release.cells) sel berubah: \(release.added) orang mulai terhitung, \(release.removed) tidak lagi; cut \(release.cut)",
                "\(release.cells) cells changed: \(release.added) persons newly counted, \(release.removed) no longer; cut \(release.cut)"
            ))
    }
}
