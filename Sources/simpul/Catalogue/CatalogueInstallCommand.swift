import ArgumentParser
import Node

struct CatalogueCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check files for a catalogue, together with what this node has. Changes nothing.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "Event types, code lists and rules (.json), models (.sql).")
    var files: [String]

    func run() throws {
        let installer = CatalogueInstaller(folder: try folder.existing())
        let pieces = try installer.pieces(files)
        for doubt in try installer.check(pieces) { Output.note(doubt) }
        for piece in pieces { Output.result("\(piece.path): \(piece.kind.rawValue) \(piece.name)") }
        Output.note(language.say("Semua benar.", "All is well."))
    }
}

struct CatalogueInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Put files into this node's catalogue, all or none.",
        discussion:
            "A file of the same name is replaced. Servers and pages that run take them up when they are restarted.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "Event types, code lists and rules (.json), models (.sql).")
    var files: [String]

    func run() throws {
        let installer = CatalogueInstaller(folder: try folder.existing())
        let pieces = try installer.pieces(files)
        let doubts = try installer.check(pieces)
        try installer.install(pieces)
        for doubt in doubts { Output.note(doubt) }
        for piece in pieces { Output.result("\(piece.kind.rawValue) \(piece.name)") }
        Output.note(
            language.say(
                "Terpasang. Mulai ulang `simpul serve` dan `simpul app` bila sedang berjalan.",
                "Installed. Restart `simpul serve` and `simpul app` where they run."))
    }
}
