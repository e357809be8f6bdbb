import ArgumentParser

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Carry records on a USB stick where there is no line. / Membawa catatan dengan flashdisk.",
        discussion: """
            The village:   simpul bundle export --to hub-serang /media/stick/lontar.simpul
            The hub:       simpul bundle import /media/stick/lontar.simpul
                           simpul bundle export --to lontar-a --answer /media/stick/lontar.simpul /media/stick/hub.simpul
            The village:   simpul bundle import /media/stick/hub.simpul

            Exporting delivers nothing: a record counts as held when the receipt for it has come back. Importing the
            same bundle twice does nothing the second time. `zstdcat FILE` shows what is in one.
            """,
        subcommands: [BundleExportCommand.self, BundleImportCommand.self, BundleShowCommand.self])
}
